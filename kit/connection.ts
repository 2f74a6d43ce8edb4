import { AppError } from './errors.ts'
import { isUuid } from './id.ts'

/** At most this many nodes a page. */
export const pageMax = 100

/** A place in a list ordered by (sort key, id): rows strictly after it come next. */
export type Cursor = { readonly key: string; readonly id: string }
export type Page = { readonly limit: number; readonly after: Cursor | null }
export type PageArguments = {
  first?: number | null | undefined
  after?: string | null | undefined
}

const cursorText = ({ key, id }: Cursor) =>
  Buffer.from(JSON.stringify([key, id])).toString('base64url')

function parseCursor(text: string): Cursor {
  try {
    const [key, id] = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (typeof key === 'string' && typeof id === 'string' && isUuid(id)) return { key, id }
  } catch {
    // Falls through to the one message for everything that is not one of our cursors.
  }
  throw new AppError(
    'BAD_USER_INPUT',
    '`after` is not a cursor of this list. Send an endCursor that it gave.',
  )
}

/** Reads `first` (1 to 100) and `after`. Throws BAD_USER_INPUT that names the fault. */
export function pageFrom({ first, after }: PageArguments): Page {
  const limit = first ?? 25
  if (limit < 1 || limit > pageMax) {
    throw new AppError(
      'BAD_USER_INPUT',
      `\`first\` must be between 1 and ${pageMax}, not ${limit}.`,
    )
  }
  return { limit, after: after == null ? null : parseCursor(after) }
}

/** Builds a connection from `limit + 1` rows: the extra row only tells that there is a next page. */
export function connectionOf<Row>(
  page: Page,
  rows: readonly Row[],
  cursorOf: (row: Row) => Cursor,
) {
  const edges = rows
    .slice(0, page.limit)
    .map((node) => ({ cursor: cursorText(cursorOf(node)), node }))
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > page.limit,
      hasPreviousPage: page.after !== null,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}
