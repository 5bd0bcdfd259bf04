// What a request of our own scheme is answered with: a file of the page, or a sentence.
import { plainHeaders, type Assets } from '../core/assets.ts'
import { fileAsked } from './rules.ts'

/** The page of the window talks through its port alone. */
export const CONNECT = "'none'"

export async function answerPage(assets: Assets, request: { method: string; url: string }): Promise<Response> {
  const path = fileAsked(request)
  if (path === null)
    return new Response('Files of Roster can only be read.', { status: 403, headers: plainHeaders(CONNECT) })
  const { status, headers, body } = await assets.answer(path)
  return new Response(typeof body === 'string' ? body : new Uint8Array(body), { status, headers })
}
