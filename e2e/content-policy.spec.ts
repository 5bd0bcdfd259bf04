// The page runs under its strict policy without a breach, and no text becomes markup or code in it.
import { addDemoUsers, expect, migrate, test } from './roster.ts'

const WATCH = `
  window.breaches = []
  addEventListener('securitypolicyviolation', (event) => {
    window.breaches.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample)
  })`

/** What data with markup in it would have to reach. */
const ATTEMPTS = `(() => {
  const outcome = (attempt) => {
    try {
      attempt()
      return 'done'
    } catch {
      return 'refused'
    }
  }
  const style = document.createElement('style')
  style.textContent = 'body { --injected: 1 }'
  document.head.append(style)
  return {
    markup: outcome(() => (document.createElement('div').innerHTML = '<img src=x onerror="window.injected = 1">')),
    script: outcome(() => (document.createElement('script').src = '/assets/other.js')),
    timer: outcome(() => setTimeout('window.injected = 2', 0)),
    frame: outcome(() => (document.createElement('iframe').srcdoc = '<script>parent.injected = 3</script>')),
    policy: outcome(() => trustedTypes.createPolicy('another', { createHTML: (text) => text })),
    style: style.sheet === null ? 'refused' : 'done',
  }
})()`

// The browser host sends the policy with its first answer; desktop.spec.ts holds the window's.
test('the main job breaks no rule of the content policy', { tag: '@browser' }, async ({ page, roster }) => {
  await page.addInitScript(WATCH)
  const answer = await page.goto(await roster.start())
  const policy = answer?.headers()['content-security-policy'] ?? ''
  expect(policy).toContain("require-trusted-types-for 'script'; trusted-types default")
  expect(policy).not.toContain('unsafe')
  await migrate(page)
  await addDemoUsers(page, '100')
  expect(await page.evaluate('window.breaches')).toEqual([])
})

test('text does not become markup or code', async ({ opened: page }) => {
  expect(await page.evaluate(ATTEMPTS)).toEqual({
    markup: 'refused',
    script: 'refused',
    timer: 'refused',
    frame: 'refused',
    policy: 'refused',
    style: 'refused',
  })
  expect(await page.evaluate('window.injected')).toBeUndefined()
})
