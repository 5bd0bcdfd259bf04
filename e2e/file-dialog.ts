// Opens a SQLite file as a person does: by its path in the served dialog, or in the native one, which the test answers.
import type { Page } from '@playwright/test'
import { windows } from './door.ts'

export async function openFile(page: Page, path: string): Promise<void> {
  await windows.get(page)?.prepareOpen(path)
  await page.getByRole('button', { name: 'Open a SQLite file' }).first().click()
  if (windows.has(page)) return
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Path').fill(path)
  await page.keyboard.press('Enter')
}
