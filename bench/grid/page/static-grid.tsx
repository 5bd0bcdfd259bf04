// The grid over rows that are all in memory: what drawing alone costs. Only the measurements build this page.
import '@mantine/core/styles.css'
import '../../../src/renderer/styles.css'
import { MantineProvider } from '@mantine/core'
import { useState } from 'react'
import { createRoot } from 'react-dom/client'
import { Grid, type GridHost } from '../../../src/renderer/grid/grid.tsx'
import { GridScroll } from '../../../src/renderer/grid/grid-scroll.ts'
import type { GridLine } from '../../../src/renderer/grid/grid-line.ts'
import { plainLayout } from '../../../src/renderer/grid/use-grid-columns.ts'
import { theme } from '../../../src/renderer/theme.ts'
import { staticColumns, staticRows } from './static-rows.ts'

const rows = Number(new URLSearchParams(location.search).get('rows') ?? 1_000_000)
const lines: GridLine[] = staticRows().map((row) => ({ id: row.id, row, change: undefined }))
const scroll = new GridScroll()
const nothing = new Map<string, never>()

interface Shown {
  current: { index: number; column: string }
  reveal: { index: number; isCentered: boolean; takesFocus: boolean; turn: number }
}

function createHost(show: (change: (before: Shown) => Shown) => void): GridHost {
  const move = (index: number, column: string, isByPointer = false) =>
    show(({ reveal }) => ({
      current: { index, column },
      reveal: isByPointer ? reveal : { index, isCentered: false, takesFocus: false, turn: reveal.turn + 1 },
    }))
  return {
    lineAt: (index) => lines[index % lines.length] as GridLine,
    want: () => undefined,
    moveTo: move,
    extendTo: () => undefined,
    blockFocus: () => null,
    chooseColumn: () => undefined,
    openHeaderMenu: () => undefined,
    selectRow: () => undefined,
    sortBy: () => undefined,
    startEdit: () => undefined,
    press: () => false,
    copy: () => null,
    paste: () => undefined,
    openMenu: () => undefined,
    draft: () => undefined,
    check: () => null,
    commit: () => true,
    commitAll: () => undefined,
    cancel: () => undefined,
    setNull: () => undefined,
    moveOn: () => undefined,
  }
}

/** With `?closed`, the grid is drawn when the button is pressed: what opening costs when the rows are there already. */
function Opening() {
  const [isOpen, setOpen] = useState(!new URLSearchParams(location.search).has('closed'))
  return isOpen ? <StaticGrid /> : <button onClick={() => setOpen(true)}>Open</button>
}

function StaticGrid() {
  const [{ current, reveal }, show] = useState<Shown>({
    current: { index: 0, column: 'email' },
    reveal: { index: 0, isCentered: false, takesFocus: false, turn: 0 },
  })
  const [layout, setLayout] = useState(plainLayout)
  const [host] = useState(() => createHost(show))
  return (
    <div style={{ height: '100vh' }}>
      <Grid
        label="auth_user"
        columns={staticColumns}
        lineCount={rows}
        newCount={0}
        sort={null}
        current={current}
        selected={nothing}
        block={null}
        saving={null}
        errors={nothing}
        editing={null}
        reveal={reveal}
        layout={layout}
        onLayout={setLayout}
        scroll={scroll}
        host={host}
        isReadOnly={false}
      />
    </div>
  )
}

const root = document.getElementById('root')
if (!root) throw new Error('The page has no #root element.')
createRoot(root).render(
  <MantineProvider theme={theme} defaultColorScheme="light">
    <Opening />
  </MantineProvider>,
)
