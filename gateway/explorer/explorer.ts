import { AppError } from '#kit/errors'
import type { Viewer } from '#kit/identity-token'
import type { Exchange } from '../exchange.ts'
import { isExplorer } from '../graph.ts'

/** Who explores. Throws FORBIDDEN for everybody else, whether or not they are signed in. */
export function explorerOf(exchange: Exchange): Viewer {
  const { viewer } = exchange
  if (viewer && isExplorer(exchange)) return viewer
  throw new AppError('FORBIDDEN', 'This address is for those who explore the graph.')
}

/** Nobody but who asked may keep it. */
export const noStore = { 'cache-control': 'private, no-store' }

export async function jsonOf(exchange: Exchange): Promise<unknown> {
  const text = exchange.bodyText ?? (await exchange.request.text())
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError('BAD_REQUEST', 'Send a JSON object.', { cause })
  }
}
