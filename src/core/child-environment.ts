// The environment that child processes get: what a program needs to run, and nothing that may hold a secret.

/** An allow list: which variable holds a password, only the person knows (DB_PASS, DATABASE_URL, or one of their own). */
const NEEDED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|TEMP|TMP|PWD|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|DBUS_SESSION_BUS_ADDRESS|XDG_\w+|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|USERPROFILE|USERNAME|USERDOMAIN|HOMEDRIVE|HOMEPATH|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES|NUMBER_OF_PROCESSORS|PROCESSOR_ARCHITECTURE|LD_LIBRARY_PATH|DYLD_\w+|NODE_V8_COVERAGE)$/i

export function childEnvironment(environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const kept = Object.entries(environment).filter(([name, value]) => value !== undefined && NEEDED.test(name))
  return Object.fromEntries(kept) as Record<string, string>
}
