import type { MenuItemConstructorOptions } from 'electron'
import { expect, it } from 'vitest'
import { menuTemplate, type MenuActs } from './menu.ts'

function open(platform: NodeJS.Platform, isDevelopment = false) {
  const done: string[] = []
  const acts: MenuActs = {
    page: (command) => void done.push(command),
    zoom: (change) => void done.push(`zoom ${change}`),
    showLog: () => void done.push('log'),
  }
  const menu = menuTemplate({ platform, isDevelopment }, acts)
  const items = menu.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
  return { menu, items, done }
}

const rolesOf = (items: MenuItemConstructorOptions[]) => items.flatMap(({ role }) => (role ? [role] : []))

it('carries out each command of its own once', () => {
  const { items, done } = open('linux')
  for (const { click } of items) (click as (() => void) | undefined)?.()
  expect(done).toEqual(['open-file', 'save', 'undo', 'redo', 'reload', 'zoom in', 'zoom out', 'zoom reset', 'log'])
})

it('gives no two commands the same keys', () => {
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    const keys = open(platform).items.flatMap(({ accelerator }) => (accelerator ? [accelerator] : []))
    expect(new Set(keys).size).toBe(keys.length)
  }
})

it('follows the platform', () => {
  expect(open('darwin').menu[0]?.role).toBe('appMenu')
  expect(rolesOf(open('darwin').items)).not.toContain('quit')
  for (const platform of ['linux', 'win32'] as const) {
    expect(rolesOf(open(platform).items)).toEqual(expect.arrayContaining(['quit', 'about', 'close']))
  }
})

it('offers developer tools only while not packed, and never a reload of the page', () => {
  expect(rolesOf(open('linux').items)).not.toContain('toggleDevTools')
  expect(rolesOf(open('linux', true).items)).toContain('toggleDevTools')
  for (const role of ['reload', 'forceReload']) expect(rolesOf(open('linux', true).items)).not.toContain(role)
})
