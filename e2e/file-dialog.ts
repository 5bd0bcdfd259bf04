// Opens a SQLite file as a person does: by its path, in the dialog.
import type { Page } from '@playwright/test'

export async function openFile(page: Page, path: string): Promise<void> {
  await page.getByRole('button', { name: 'Open a SQLite file' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Path').fill(path)
  await page.keyboard.press('Enter')
}
