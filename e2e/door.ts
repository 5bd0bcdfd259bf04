// Which door a page came through, for helpers that have only the page.
import type { Page } from '@playwright/test'
import type { Desktop } from './desktop.ts'

export type DoorName = 'browser' | 'standin' | 'desktop'

/** Pages of a window. A page that is not here belongs to the browser host. */
export const windows = new WeakMap<Page, Desktop>()
