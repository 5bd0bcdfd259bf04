// An email in one line: blanks at its ends and letters that draw nothing can be seen.

/** '' and blanks stand in quotes; what draws nothing or turns the direction is named by its number. */
export function shownEmail(email: string): string {
  const visible = email.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (odd) => `\\u{${odd.codePointAt(0)?.toString(16) ?? ''}}`)
  return email === '' || /^\s|\s$/u.test(email) ? `“${visible}”` : visible
}
