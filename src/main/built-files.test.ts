import { describe, expect, it } from 'vitest'
import { builtFiles } from './built-files.ts'

describe('the files of a built Roster', () => {
  it.each([
    ['file:///opt/roster/out/main/desktop.js', '/opt/roster'],
    ['file:///opt/roster/out/main/log-C8Oxn2Ps.js', '/opt/roster'],
    ['file:///opt/Roster/resources/app.asar/out/main/desktop.js', '/opt/Roster/resources/app.asar'],
    ['file:///home/a%20b/100%25%20%C3%A4%23/app.asar/out/main/desktop.js', '/home/a b/100% ä#/app.asar'],
    [
      'file:///Applications/Roster.app/Contents/Resources/app.asar/out/main/desktop.js',
      '/Applications/Roster.app/Contents/Resources/app.asar',
    ],
  ])('lie around %s', (bundle, root) => {
    const files = builtFiles(bundle, { windows: false })
    expect(files.child('sqlite')).toBe(`${root}/out/main/sqlite.js`)
    expect(files.preload).toBe(`${root}/out/preload/preload.cjs`)
    expect(files.page).toBe(`${root}/out/renderer`)
  })

  it('lie there on Windows too, on a drive and on a share', () => {
    const onDrive = builtFiles('file:///C:/Program%20Files/Roster/resources/app.asar/out/main/desktop.js', {
      windows: true,
    })
    expect(onDrive.child('sqlite')).toBe('C:\\Program Files\\Roster\\resources\\app.asar\\out\\main\\sqlite.js')
    expect(onDrive.preload).toBe('C:\\Program Files\\Roster\\resources\\app.asar\\out\\preload\\preload.cjs')
    const onShare = builtFiles('file://server/share/app.asar/out/main/desktop.js', { windows: true })
    expect(onShare.child('sqlite')).toBe('\\\\server\\share\\app.asar\\out\\main\\sqlite.js')
  })
})
