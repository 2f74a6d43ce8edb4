import type { Pool } from '#kit/postgres'
import { database, systemContext } from '#kit/postgres'

/** What is published at this moment, as the database has it. */
export type PublishedState = { readonly id: string; readonly retiredAt: Date | null }

/** The registry that all instances share; each of these rejects while it is out of reach. */
export type PublishedRows = {
  /** All of them, the newest first. */
  states(): Promise<readonly PublishedState[]>
  /** Rows as they are stored, whatever is in them. */
  byIds(ids: readonly string[]): Promise<readonly { readonly id: string }[]>
  /** Clients that may register what they send, as they send it. */
  automatic(): Promise<readonly string[]>
}

/** Through the views that the gateway's role may read in `auth`. */
export function publishedIn(sql: Pool): PublishedRows {
  const db = database(sql, systemContext)
  return {
    states: () =>
      db.read(
        (tx) => tx<PublishedState[]>`
          select id, retired_at from auth.operation_door order by first_seen desc, id desc`,
      ),
    byIds: (ids) =>
      db.read(
        (tx) => tx<{ id: string }[]>`
          select id, client, version, hash, name, kind, document, description, cost, contract,
            retired_at
          from auth.operation_door
          where id = any(${[...ids]}::uuid[])`,
      ),
    automatic: async () => {
      const rows = await db.read(
        (tx) => tx<{ client: string }[]>`
          select client from auth.operation_policy_door where automatic`,
      )
      return rows.map(({ client }) => client)
    },
  }
}
