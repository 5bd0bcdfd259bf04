// Which imports of TypeScript bring types alone, told from the text whose types are gone.
import { stripTypeScriptTypes } from 'node:module'
import { expect, test } from 'vitest'
import { withoutTypeImports } from './type-imports.ts'

const left = (text: string) =>
  withoutTypeImports(stripTypeScriptTypes(text))
    .split('\n')
    .map((line) => line.trim().replace(/ +/g, ' '))

test.each<[text: string, line: string]>([
  [`import { Knex } from 'knex'\nexport const a = (k: Knex) => k`, ''],
  [`import { Knex } from "knex";\n// The Knex of it\nexport const a = (k: Knex) => 'Knex' + "Knex" /* Knex */`, ''],
  [`import {Knex} from 'knex'\nexport const a = () => Knex`, `import {Knex} from 'knex'`],
  [`import { Knex, b } from 'knex'\nexport const a = (k: Knex) => b`, `import { b } from 'knex'`],
  [`import { Knex as K, b as c } from 'knex'\nexport const a = (k: K) => c`, `import { b as c } from 'knex'`],
  [`import knex, { Knex } from 'knex'\nexport const a = (k: Knex) => knex`, `import knex from 'knex'`],
  [`import knex, { b } from 'knex'\nexport const a = (k: knex) => b`, `import { b } from 'knex'`],
  [`import * as Knex from 'knex'\nexport const a = (k: Knex) => k`, ''],
  [`import * as Knex from 'knex'\nexport const a = (k: any) => Knex.b`, `import * as Knex from 'knex'`],
  [`import { type Knex, b } from 'knex'\nexport const a = (k: Knex) => b`, `import { b } from 'knex'`],
  [`import type { Knex } from 'knex'\nexport const a = (k: Knex) => k`, ''],
  [`import './lib.ts'\nexport const a = 1`, `import './lib.ts'`],
  [`import {} from './lib.ts'\nexport const a = 1`, `import {} from './lib.ts'`],
  ['import { b } from "./lib.ts"\nexport const a = `${b}`', 'import { b } from "./lib.ts"'],
  [`import { b } from './lib.ts'\nexport { b }`, `import { b } from './lib.ts'`],
])('%s', (text, line) => {
  expect(left(text)[0]).toBe(line)
  expect(left(text)).toHaveLength(text.split('\n').length)
})

test('an import over several lines leaves as many', () => {
  expect(left(`import {\n  Knex,\n  b,\n} from 'knex'\nexport const a = (k: Knex) => b`)).toEqual([
    `import { b } from 'knex'`,
    '',
    '',
    '',
    'export const a = (k ) => b',
  ])
})
