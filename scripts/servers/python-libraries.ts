// The libraries of applications that own user tables, as Debian has them: unpacked beside the templates, for /usr/bin/python3.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { unpackTogether } from './unpacked-package.ts'

const PYTHON = '/usr/bin/python3'

/** The libraries and all that they import beyond Python's own. 6 MB to download, 60 MB unpacked. */
const PACKAGES = [
  ...['python3-sqlalchemy', 'python3-flask-security', 'python3-flask-sqlalchemy', 'python3-passlib', 'python3-bcrypt'],
  ...[
    'python3-argon2',
    'libargon2-1',
    'python3-cffi-backend',
    'python3-werkzeug',
    'python3-markupsafe',
    'python3-jinja2',
  ],
  ...[
    'python3-itsdangerous',
    'python3-click',
    'python3-blinker',
    'python3-flask',
    'python3-flask-login',
    'python3-six',
  ],
  ...['python3-flask-principal', 'python3-flaskext.wtf', 'python3-wtforms', 'python3-email-validator', 'python3-idna'],
  ...['python3-dnspython', 'python3-importlib-metadata', 'python3-more-itertools', 'python3-zipp', 'python3-greenlet'],
  ...['python3-django', 'python3-asgiref', 'python3-sqlparse', 'python3-tz', 'python3-pkg-resources'],
]

export interface PythonLibraries {
  /** Runs a script with `input` as its standard input, JSON, and answers with what it prints, JSON. Rejects with its errors. */
  run<T>(script: string, input: unknown): Promise<T>
  end(): Promise<void>
}

/** Why they cannot be had here, in one line; null when they can. */
export function whyNoPython(): string | null {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg-deb'))
    return 'the libraries of Python applications can be had on Debian alone'
  return existsSync(PYTHON) ? null : `${PYTHON} is not there`
}

export async function startPython(): Promise<PythonLibraries> {
  const folder = await unpackTogether('python-libraries', PACKAGES)
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8', LD_LIBRARY_PATH: librariesIn(folder) }
  const first = `import sys; sys.path.insert(0, ${JSON.stringify(join(folder, 'usr/lib/python3/dist-packages'))})\n`
  return {
    run: (script, input) => answerOf(env, first + script, JSON.stringify(input)),
    end: () => Promise.resolve(),
  }
}

/** Of the one machine's kind that Debian has folders for. */
function librariesIn(folder: string): string {
  const lib = join(folder, 'usr/lib')
  return readdirSync(lib)
    .filter((name) => name.endsWith('-linux-gnu'))
    .map((name) => join(lib, name))
    .join(':')
}

function answerOf<T>(env: Record<string, string>, script: string, input: string): Promise<T> {
  return new Promise((resolve, reject) => {
    // Isolated: neither the folder it is started in nor a person's own packages are looked into.
    const child = spawn(PYTHON, ['-I', '-W', 'ignore', '-c', script], { env, stdio: ['pipe', 'pipe', 'pipe'] })
    const [said, failed]: [Buffer[], Buffer[]] = [[], []]
    child.stdout.on('data', (part: Buffer) => said.push(part))
    child.stderr.on('data', (part: Buffer) => failed.push(part))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(Buffer.concat(said).toString('utf8')) as T)
      else reject(new Error(`Python ended with ${code}: ${Buffer.concat(failed).toString('utf8')}`))
    })
    child.stdin.end(input)
  })
}
