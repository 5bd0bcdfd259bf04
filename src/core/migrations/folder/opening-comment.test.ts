// What people write at the top of their files, and what of it says what the step does.
import { expect, test } from 'vitest'
import { openingComment } from './opening-comment.ts'

test.each([
  ['// Adds phone.\nexport {}', 'Adds phone.'],
  ['\n\n//Adds phone\n// and fax.\n\n// Later remark.\n', 'Adds phone and fax.'],
  ['/* Adds phone. */ code', 'Adds phone.'],
  ['/**\n * Adds phone.\n *   Carefully.\n *\n * Not this.\n */', 'Adds phone. Carefully.'],
  ['/**\n * @param { import("knex").Knex } knex\n * @returns { Promise<void> }\n */\nexports.up = 1', ''],
  ['/**\n * Adds phone.\n * @param {Knex} knex\n */\nexports.up = 1', 'Adds phone.'],
  [`'use strict'\r\n// @ts-check\r\n/* eslint-disable no-var */\r\n// Adds phone.\r\n`, 'Adds phone.'],
  ['#!/usr/bin/env node\n// Adds phone.', 'Adds phone.'],
  ['// ----------\n// Adds phone.\n// ----------\n// Not this.', 'Adds phone.'],
  [`import x from 'y'\n// Not this.`, ''],
  ['code // Not this.', ''],
  ['', ''],
  ['/* never closed', ''],
])('%j: %s', (text, summary) => expect(openingComment(text, 'module')).toBe(summary))

test.each([
  ['-- Adds phone.\nalter table', 'Adds phone.'],
  ['--Adds phone.', 'Adds phone.'],
  ['# Adds phone.\n', 'Adds phone.'],
  ['-- roster: no transaction\n-- Adds an index.\n', 'Adds an index.'],
  ['/* Adds phone. */\nalter', 'Adds phone.'],
  ['/*!40101 SET NAMES utf8 */;', ''],
  ['alter table a; -- Not this.', ''],
])('SQL %j: %s', (text, summary) => expect(openingComment(text, 'sql')).toBe(summary))

test('it is at most 300 characters, also of a comment of 5 MB', () => {
  const began = performance.now()
  const summary = openingComment(`// ${'word '.repeat(1_000_000)}`, 'module')
  expect([summary.length, summary.endsWith('word…')]).toEqual([expect.any(Number), true])
  expect(summary.length).toBeLessThanOrEqual(300)
  expect(performance.now() - began).toBeLessThan(200)
})
