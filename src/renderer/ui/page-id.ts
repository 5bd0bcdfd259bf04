// The name of this very document, new with every load: what a page has staged is kept under it.

const KEPT_AS = 'roster-page'

export const pageId = crypto.randomUUID()

/** The document that this tab showed before, or null. A tab that was duplicated names the one it was made of. */
export const pageBefore = sessionStorage.getItem(KEPT_AS)

sessionStorage.setItem(KEPT_AS, pageId)
