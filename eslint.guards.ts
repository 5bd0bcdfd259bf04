// What no file of Roster may write, because it opens the shell to strangers; and the few files that hold what is dangerous.

/** A pattern of syntax that is refused, in the words shown to who wrote it. */
export interface Guard {
  selector: string
  message: string
}

/** Each of these things of Electron is imported by one file alone, which checks who asks and for what. */
export const keepers: readonly { thing: string; file: string; why: string }[] = [
  { thing: 'shell', file: 'src/main/open-outside.ts', why: 'it opens https addresses outside, and no file' },
  { thing: 'ipcMain', file: 'src/main/hand-over-port.ts', why: 'it looks at the frame of every message' },
  { thing: 'session', file: 'src/main/confine.ts', why: 'it denies every permission' },
  { thing: 'protocol', file: 'src/main/protocol.ts', why: 'it serves the files of the page and nothing else' },
  {
    thing: 'safeStorage',
    file: 'src/main/host.ts',
    why: 'main/secrets.ts asks for consent where there is no keychain',
  },
  { thing: 'utilityProcess', file: 'src/main/host.ts', why: 'Host.spawn is the only way to start a process' },
]

const kept = (thing: string, file: string, why: string): Guard => ({
  selector: `ImportDeclaration[source.value="electron"] > ImportSpecifier[imported.name="${thing}"]`,
  message: `${thing} is imported by ${file} alone: ${why}.`,
})

/** `property: value` with any value but the one that is allowed; also under a name in quotes. */
function setOnlyTo(names: string, allowed: boolean, message: string): Guard {
  const property = (key: string) => `ObjectExpression > Property[${key}=/^(${names})$/]:not([value.value=${allowed}])`
  return { selector: `${property('key.name')}, ${property('key.value')}`, message }
}

const called = (names: string, message: string): Guard => ({
  selector: `MemberExpression[property.name=/^(${names})$/], MemberExpression[property.value=/^(${names})$/]`,
  message,
})

/** Holds everywhere, also in scripts and tests of the whole program. */
export const noShell: Guard[] = [
  setOnlyTo('shell', false, 'No process is started through a shell: what is an argument must stay one.'),
]

/** Imports the steps of a trusted folder, in the process that has nothing to lose: the one file that loads code by data. */
export const STEP_LOADER = 'src/core/migrations/program/import-step.ts'

/** Holds in everything that is shipped, but for that file. */
const noForeignCode: Guard[] = [
  {
    selector: 'ImportExpression[source.type!="Literal"]',
    message: 'Code is loaded by a name that is written down, never by one that is data.',
  },
  {
    selector: 'ImportDeclaration[source.value=/^(node:)?module$/]',
    message: 'No module by a name that is data.',
  },
]

/** Holds in everything that is shipped. */
const shipped: Guard[] = [
  ...noShell,
  { selector: 'NewExpression[callee.name="Function"]', message: 'No code from strings.' },
  { selector: 'CallExpression[callee.name=/^(Function|eval)$/]', message: 'No code from strings.' },
  {
    selector: 'ImportDeclaration[source.value=/^(node:)?(vm|inspector|repl)$/]',
    message: 'No code from strings, no debugger.',
  },
  {
    selector: 'ImportDeclaration[source.value="electron"] > :matches(ImportNamespaceSpecifier, ImportDefaultSpecifier)',
    message: 'Import what is used of Electron by name, so that the guards see it.',
  },
  {
    selector: 'ImportExpression > Literal[value=/^electron($|.main$|.common$)/]',
    message: 'Import Electron at the top, by name.',
  },
  {
    selector:
      ':matches(ImportDeclaration, ExportNamedDeclaration, ExportAllDeclaration)[source.value=/^@electron\\/remote/]',
    message: 'The page gets no object of the main process.',
  },
  {
    selector: ':matches(ExportNamedDeclaration, ExportAllDeclaration)[source.value="electron"]',
    message: 'Nothing of Electron is passed on.',
  },
  setOnlyTo(
    'nodeIntegration|nodeIntegrationInWorker|nodeIntegrationInSubFrames|allowRunningInsecureContent|experimentalFeatures|webviewTag|allowpopups|bypassCSP',
    false,
    'The Electron security checklist keeps this off (SECURITY.md).',
  ),
  setOnlyTo(
    'contextIsolation|sandbox|webSecurity',
    true,
    'The Electron security checklist keeps this on (SECURITY.md).',
  ),
  {
    selector: 'ObjectExpression > Property[key.name=/^(enableBlinkFeatures|disableBlinkFeatures)$/]',
    message: 'The engine runs as Electron ships it (SECURITY.md).',
  },
  called('executeJavaScript|executeJavaScriptInIsolatedWorld', 'Main and page exchange data, never code.'),
  // shell.showItemInFolder opens nothing; only open-outside.ts can reach it.
  called('openPath', 'No file is handed to another program: it might be one that the system runs.'),
  called('loadFile|registerFileProtocol|interceptFileProtocol', 'The page comes from app://roster; file: is not used.'),
  called('exposeInMainWorld|exposeInIsolatedWorld', 'The page gets one port and nothing of Electron.'),
  called('setCertificateVerifyProc', 'Certificates are judged by the system.'),
  called('dlopen|binding', 'Native code is loaded by import, from the installed packages alone.'),
  called(
    'encryptString|decryptString|isEncryptionAvailable|setUsePlainTextEncryption',
    'Secrets are sealed by the asynchronous calls (main/secrets.ts); plain text is never made to look sealed.',
  ),
  {
    selector:
      'CallExpression[callee.property.name="appendSwitch"] > Literal[value=/^(no-sandbox|disable-|ignore-|allow-|unsafely-|remote-debugging|js-flags|load-extension)/]',
    message: 'No switch of Chromium that takes a protection away.',
  },
  called('innerHTML|outerHTML|insertAdjacentHTML|srcdoc', 'Show text as text: data may hold markup.'),
  {
    selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"], JSXAttribute[name.name="srcDoc"]',
    message: 'Show text as text: data may hold markup.',
  },
]

/** For all shipped files, or for the one named, which may import what it keeps. */
export function guardsFor(file?: string): Guard[] {
  const others = keepers.filter((keeper) => keeper.file !== file)
  const loading = file === STEP_LOADER ? [] : noForeignCode
  return [...shipped, ...loading, ...others.map(({ thing, file: holder, why }) => kept(thing, holder, why))]
}
