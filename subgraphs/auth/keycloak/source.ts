import { z } from 'zod'
import type { KeycloakAdmin } from './admin.ts'
import { AdminEvents, fromAdminEvent, resourceTypes } from './admin-event.ts'
import type { KeycloakEvent } from './event.ts'
import type { Cursor } from './queries.ts'
import { fromUserEvent, UserEvents, userEventTypes } from './user-event.ts'

/** One kind of Keycloak's events, in the order in which they happened. */
export type Source = {
  readonly cursor: Cursor
  since(at: Date): AsyncGenerator<KeycloakEvent>
}

export type SourceOptions = {
  readonly admin: KeycloakAdmin
  readonly realm: string
  /** What this client does is known here already. */
  readonly ownClientId: string
}

const pageSize = 100

const People = z.array(z.object({ id: z.string() }))

type Query = readonly (readonly [string, string])[]

/** All of them, however many, a page at a time. */
async function* pagesOf<T>(
  { admin, realm }: SourceOptions,
  schema: z.ZodType<T[]>,
  { path, query }: { path: string; query: Query },
) {
  for (let first = 0; ; first += pageSize) {
    const page = new URLSearchParams([
      ...query.map(([name, value]) => [name, value]),
      ...[
        ['direction', 'asc'],
        ['max', String(pageSize)],
        ['first', String(first)],
      ],
    ])
    const events = (await admin.get(schema, `/${encodeURIComponent(realm)}/${path}?${page}`)) ?? []
    yield* events
    if (events.length < pageSize) return
  }
}

const from = (at: Date) => ['dateFrom', String(at.getTime())] as const

const people = (options: SourceOptions): Source => ({
  cursor: 'auth.keycloak-people',
  since: async function* (at) {
    const query = [from(at), ...userEventTypes.map((type) => ['type', type] as const)]
    for await (const event of pagesOf(options, UserEvents, { path: 'events', query })) {
      const known = fromUserEvent(event)
      if (known) yield known
    }
  },
})

function administrators(options: SourceOptions): Source {
  const { admin, realm, ownClientId } = options
  let ownId: string | null = null
  const findOwn = async () => {
    const username = `service-account-${ownClientId}`
    const query = new URLSearchParams({ username, exact: 'true' })
    const [own] = (await admin.get(People, `/${encodeURIComponent(realm)}/users?${query}`)) ?? []
    return own?.id ?? null
  }
  return {
    cursor: 'auth.keycloak-admins',
    since: async function* (at) {
      ownId ??= await findOwn()
      const query = [from(at), ...resourceTypes.map((type) => ['resourceTypes', type] as const)]
      for await (const event of pagesOf(options, AdminEvents, { path: 'admin-events', query })) {
        const known = fromAdminEvent(event, ownId)
        if (known) yield known
      }
    },
  }
}

/** What people do on Keycloak's pages, and what administrators do in its console. */
export const sourcesOf = (options: SourceOptions): readonly Source[] => [
  people(options),
  administrators(options),
]
