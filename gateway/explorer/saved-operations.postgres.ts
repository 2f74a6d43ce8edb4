import { AppError } from '#kit/errors'
import type { Viewer } from '#kit/identity-token'
import { database, type Pool, type Sql } from '#kit/postgres'
import { type SavedOperation, type SavedOperations, savedMax } from './saved-operations.ts'

const shownMax = 1_000

/** Kept in `gateway.saved_operation`, whose policies are those of the interface once more. */
export const savedOperationsIn =
  (sql: Pool) =>
  ({ id: userId, scopes }: Viewer): SavedOperations => {
    const db = database(sql, { userId, scopes })
    return {
      list: () =>
        db.read(
          (tx) => tx<SavedOperation[]>`
            select ${columns(tx)}
            from gateway.saved_operation
            order by updated_at desc, id desc
            limit ${shownMax}`,
        ),
      add: (operation) =>
        db.write(async (tx) => {
          await requireRoom(tx)
          const [row] = await tx<SavedOperation[]>`
            insert into gateway.saved_operation ${tx({ ...operation, ownerId: userId })}
            returning ${columns(tx)}`
          return known(row)
        }),
      change: (id, { version, ...operation }) =>
        db.write(async (tx) => {
          await requireUnchanged(tx, { id, version })
          const [row] = await tx<SavedOperation[]>`
            update gateway.saved_operation
            set ${tx(operation)}, version = version + 1, updated_at = now()
            where id = ${id}
            returning ${columns(tx)}`
          return known(row)
        }),
      remove: (id, version) =>
        db.write(async (tx) => {
          await requireUnchanged(tx, { id, version })
          await tx`delete from gateway.saved_operation where id = ${id}`
        }),
    }
  }

const columns = (sql: Sql) =>
  sql`id, title, document, variables, shared, owner_id = app.uid() as own, version, updated_at`

function known(row: SavedOperation | undefined): SavedOperation {
  if (row) return row
  throw new Error('The operation that was just written is not there.')
}

async function requireRoom(sql: Sql): Promise<void> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from gateway.saved_operation where owner_id = app.uid()`
  if ((row?.count ?? 0) < savedMax) return
  throw new AppError('CONFLICT', `You have ${savedMax} operations already: delete one first.`)
}

/** Holds the row: of two who change one version, the second is told. */
async function requireUnchanged(
  sql: Sql,
  { id, version }: { readonly id: string; readonly version: number },
): Promise<void> {
  const [seen] = await sql<{ own: boolean }[]>`
    select owner_id = app.uid() as own from gateway.saved_operation where id = ${id}`
  if (!seen) throw new AppError('NOT_FOUND', 'There is no such operation, or it is not shared.')
  if (!seen.own) throw new AppError('FORBIDDEN', 'Only its owner may change this operation.')
  const [held] = await sql<{ version: number }[]>`
    select version from gateway.saved_operation where id = ${id} for update`
  if (held?.version === version) return
  throw new AppError('CONFLICT', 'This operation was changed meanwhile: look at it again first.')
}
