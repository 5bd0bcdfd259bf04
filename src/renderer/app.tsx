// The composition root of the page: which screen is shown where, and what the features tell each other.
import { useEffect, useState } from 'react'
import { isPending } from '../shared/migration-order.ts'
import type { Profile } from '../shared/profiles.ts'
import { ActivityButton, ActivityDock, useActivityKey } from './activity/activity-dock.tsx'
import { Frame } from './app/frame.tsx'
import { LinkBanner } from './app/link-banner.tsx'
import { sectionOf, usePlace, type Section } from './app/place.ts'
import { RefusedPanel } from './app/refused-panel.tsx'
import { SectionNav } from './app/section-nav.tsx'
import { StatusBar } from './app/status-bar.tsx'
import { useTableList } from './app/tables-queries.ts'
import { TopBar } from './app/top-bar.tsx'
import { useVisits, type Marks } from './app/use-visits.ts'
import type { Visits } from './app/visits.ts'
import { ClusterChip } from './cluster/cluster-chip.tsx'
import { ClusterDock } from './cluster/cluster-dock.tsx'
import { MainArea } from './main-area.tsx'
import { PoolGauge } from './connections/pool-gauge.tsx'
import { QuickSwitcher } from './connections/quick-switcher.tsx'
import {
  closeServer,
  hasOpened,
  openAgain,
  openServer,
  useConnecting,
  useFreshAnswers,
} from './connections/use-connecting.ts'
import { useSwitchKey } from './connections/use-switch-key.ts'
import { useMigrationRun } from './migrations/migration-runs.ts'
import { useMigrations, type MigrationList } from './migrations/migrations-queries.ts'
import { CopyAsDialog } from './profiles/copy-as/copy-as-dialog.tsx'
import { LinkDialog, type AskedByLink } from './profiles/link-dialog.tsx'
import { ProfileNav } from './profiles/profile-nav.tsx'
import { useDatabase, useDuplicate, useProfiles } from './profiles/profiles-queries.ts'
import { RemoveDialog } from './profiles/remove-dialog.tsx'
import { StoreProblem } from './profiles/store-problem.tsx'
import { useOpenFile } from './profiles/use-open-file.tsx'
import { useProfileEditor } from './profiles/use-profile-editor.tsx'
import { arriveAt } from './tables/follow/follow.ts'
import { restoreMark, takeMark, type TableMark } from './tables/follow/table-mark.ts'
import { JournalProblem } from './tables/journal-problem.tsx'
import { forgetStaged, hasStagedEdits, stagedCountOf, useStagedCount } from './tables/staged-edits.ts'
import { isKept } from './tables/staged-journal.ts'
import { ErrorBoundary } from './ui/error-boundary.tsx'
import { onHostEvent } from './ui/host-events.ts'
import { ProductionDialog } from './ui/production-dialog.tsx'
import { onTravel } from './ui/travel.ts'
import { useLink } from './ui/use-link.ts'

/** Where a person has been in each profile. */
const visits = new Map<string, Visits<TableMark>>()
const marks: Marks<TableMark> = {
  take: (profileId, section) => (section.kind === 'table' ? takeMark(profileId, section.table) : null),
  restore: (profileId, section, mark) => {
    if (section.kind === 'table') restoreMark(profileId, section.table, mark)
  },
}

export function App() {
  const profiles = useProfiles()
  const { place, openProfile, openSection, forgetProfile } = usePlace()
  const { state: link } = useLink()
  const [copying, setCopying] = useState<Profile | null>(null)
  const [removing, setRemoving] = useState<Profile | null>(null)
  const [isSwitching, setSwitching] = useState(false)
  const [asked, setAsked] = useState<AskedByLink | null>(null)
  const openFile = useOpenFile((added) => openProfile(added.id))
  const editor = useProfileEditor((saved, isNew) => {
    if (!isNew) return openAgain(saved.id)
    openProfile(saved.id)
    if (saved.dialect !== 'sqlite') openServer(saved.id)
  }, stagedCountOf)
  const duplicate = useDuplicate()

  const all = profiles.data?.profiles
  const profile = all?.find(({ id }) => id === place.profileId) ?? all?.[0]
  const connection = useConnecting(profile)
  const isReady = profile !== undefined && hasOpened(profile, connection)
  useFreshAnswers()
  const database = useDatabase(isReady ? profile.id : undefined)
  const tables = useTableList(profile?.id ?? '', database.isSuccess)
  const migrations = useMigrations(profile?.id ?? '', database.isSuccess)
  const run = useMigrationRun(profile?.id ?? '')
  const staged = useStagedCount(profile?.id ?? '')

  const section = profile ? sectionOf(place.sections[profile.id], tables.data) : null
  const choose = (profileId: string) => {
    openProfile(profileId)
    if (all?.find(({ id }) => id === profileId)?.dialect !== 'sqlite') openServer(profileId)
  }
  useSwitchKey(() => setSwitching(true))
  /** What is docked below the content. */
  const [dock, setDock] = useState<'activity' | 'cluster' | null>(null)
  const toggleDock = (which: 'activity' | 'cluster') => setDock(dock === which ? null : which)
  const toggleActivity = () => toggleDock('activity')
  useActivityKey(toggleActivity)
  const travels = useVisits(visits, profile?.id ?? null, section, openSection, marks)
  const open = (next: Section) => travels.go(next)
  const { go } = travels
  useEffect(
    () =>
      onTravel((destination) => {
        if (destination.profileId !== profile?.id) return
        go({ kind: 'table', table: destination.table }, () => arriveAt(destination))
      }),
    [go, profile?.id],
  )

  useEffect(() => {
    document.title = profile ? `${profile.name} – Roster` : 'Roster'
  }, [profile])

  const { open: askForFile, openPath } = openFile
  useEffect(() => onHostEvent('open-file', ({ path }) => openPath(path)), [openPath])
  // A form that is open keeps its path: one that changed under the pointer would be opened unread.
  useEffect(() => onHostEvent('fill-open-file', ({ path }) => setAsked((open) => open ?? { path })), [])
  useEffect(() => onHostEvent('link-refused', ({ message }) => setAsked((open) => open ?? { problem: message })), [])
  useEffect(
    () =>
      onHostEvent('command', ({ command }) => {
        if (command === 'open-file' && !document.querySelector('[aria-modal=true]')) askForFile()
      }),
    [askForFile],
  )

  if (link === 'refused') return <RefusedPanel hasStagedEdits={hasStagedEdits()} />
  return (
    <>
      <Frame
        environment={profile?.environment ?? 'none'}
        banner={
          <>
            <LinkBanner />
            <StoreProblem />
            <JournalProblem />
          </>
        }
        sidebar={
          <ProfileNav
            openId={profile?.id}
            onOpen={choose}
            onEdit={editor.edit}
            onDuplicate={({ id }) => duplicate.mutate(id, { onSuccess: editor.edit })}
            onCopyAs={setCopying}
            onClose={({ id }) => closeServer(id)}
            onRemove={setRemoving}
            onOpenFile={openFile.open}
            onNewServer={() => editor.make('postgres')}
            onImport={editor.importSettings}
            isOpeningFile={openFile.isBusy}
          >
            <SectionNav
              profileId={profile?.id ?? ''}
              tables={database.isError || !isReady ? undefined : tables.data}
              isReading={isReady && (database.isPending || tables.isLoading)}
              isReloading={tables.isFetching}
              section={section}
              pending={pendingSteps(migrations.data)}
              isMigrating={run !== undefined && run.phase !== 'over'}
              onOpen={open}
              onReload={() => void tables.refetch()}
            />
          </ProfileNav>
        }
        topBar={profile && <TopBar profile={profile} facts={database.data} />}
        statusBar={
          <StatusBar
            facts={database.data}
            staged={staged}
            connection={profile?.dialect === 'sqlite' ? undefined : connection}
            gauge={
              <>
                {isReady && database.data?.cluster && (
                  <ClusterChip
                    profileId={profile.id}
                    cluster={database.data.cluster}
                    isOpen={dock === 'cluster'}
                    onToggle={() => toggleDock('cluster')}
                  />
                )}
                {isReady && profile.dialect !== 'sqlite' && (
                  <PoolGauge
                    profileId={profile.id}
                    {...(database.data?.cluster && { onCluster: () => setDock('cluster') })}
                  />
                )}
                {profile && <ActivityButton isOpen={dock === 'activity'} onToggle={toggleActivity} />}
              </>
            }
          />
        }
      >
        <ActivityDock profileId={dock === 'activity' && profile ? profile.id : null} onClose={() => setDock(null)}>
          <ClusterDock
            profile={isReady ? profile : null}
            facts={database.data}
            staged={staged}
            isOpen={dock === 'cluster'}
            onOpen={() => setDock('cluster')}
            onClose={() => setDock(null)}
            onEdit={editor.edit}
          >
            {/* The key lets a screen that failed be left by going elsewhere. */}
            <ErrorBoundary key={JSON.stringify([profile?.id, section])} isKept={isKept}>
              <MainArea
                profile={profile}
                connection={connection}
                profilesError={profiles.error}
                onReadProfiles={() => void profiles.refetch()}
                section={section}
                travels={travels}
                onOpen={open}
                onGoTo={(profileId, next) => {
                  choose(profileId)
                  if (profileId === profile?.id && next) open(next)
                  else if (next) openSection(profileId, next)
                }}
                onRemove={setRemoving}
                onEdit={editor.edit}
              />
            </ErrorBoundary>
          </ClusterDock>
        </ActivityDock>
      </Frame>
      {openFile.dialog}
      {editor.dialog}
      <ProductionDialog />
      {isSwitching && (
        <QuickSwitcher profiles={all ?? []} openId={profile?.id} onOpen={choose} onClose={() => setSwitching(false)} />
      )}
      {asked && (
        <LinkDialog
          asked={asked}
          onClose={() => setAsked(null)}
          onOpen={(path) => {
            setAsked(null)
            openPath(path)
          }}
        />
      )}
      {copying && <CopyAsDialog profile={copying} onClose={() => setCopying(null)} />}
      {removing && (
        <RemoveDialog
          profile={removing}
          staged={stagedCountOf(removing.id)}
          onClose={() => setRemoving(null)}
          onRemoved={() => {
            setRemoving(null)
            forgetProfile(removing.id)
            visits.delete(removing.id)
            forgetStaged(removing.id)
          }}
        />
      )}
    </>
  )
}

/** Null while unknown, and where nothing can be run: then nothing is to be done either. */
function pendingSteps(list: MigrationList | undefined): number | null {
  if (!list || list.blocked !== null) return null
  return list.steps.filter(isPending).length
}
