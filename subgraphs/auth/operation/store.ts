import type { Transaction } from '#kit/postgres'
import type { Fit, Unfit } from './catalog.ts'
import { countOf, insertOperations, knownAmong, lockClient } from './queries.ts'
import { operationsOfClientMax } from './rules.ts'

export type Publication = {
  readonly client: string
  readonly version: string
  readonly fits: readonly Fit[]
  /** Null for what comes with the platform itself. */
  readonly by: string | null
  readonly at: Date
}

type Fresh = Pick<Fit, 'hash' | 'name'> & { readonly id: string }

export type Stored =
  | { readonly fresh: readonly Fresh[]; readonly refused: null }
  | { readonly fresh: readonly []; readonly refused: Refused }

type Refused = Omit<Unfit, 'operation'> & { readonly fit: Fit }

/** Keeps what is not there yet: all of it, or nothing when one was retired or there are too many. */
export async function store(sql: Transaction, publication: Publication): Promise<Stored> {
  const { client, version, by, at } = publication
  await lockClient(sql, client)
  const fits = [...new Map(publication.fits.map((fit) => [fit.hash, fit])).values()]
  const hashes = fits.map(({ hash }) => hash)
  const known = new Map((await knownAmong(sql, client, hashes)).map((row) => [row.hash, row]))
  const fresh = fits.filter(({ hash }) => !known.has(hash))
  const refused = refusedAmong(fits, known) ?? (await tooMany(sql, client, fresh))
  if (refused) return { fresh: [], refused }
  if (fresh.length === 0) return { fresh: [], refused: null }
  const rows = await insertOperations(
    sql,
    fresh.map((fit) => ({ ...fit, client, version, publishedBy: by, firstSeen: at })),
  )
  const nameOf = new Map(fresh.map(({ hash, name }) => [hash, name]))
  const inserted = rows.map(({ id, hash }) => ({ id, hash, name: nameOf.get(hash) ?? '' }))
  return { fresh: inserted, refused: null }
}

type Known = ReadonlyMap<string, { readonly retiredAt: Date | null }>

/** Publishing again does not bring back what an administrator ended. */
function refusedAmong(fits: readonly Fit[], known: Known): Refused | null {
  for (const fit of fits) {
    const retiredAt = known.get(fit.hash)?.retiredAt
    if (!retiredAt) continue
    const message = `${fit.name} was retired on ${retiredAt.toISOString().slice(0, 10)}.`
    return { fit, code: 'OPERATION_RETIRED', message, cost: null, limit: 0 }
  }
  return null
}

async function tooMany(
  sql: Transaction,
  client: string,
  [first, ...others]: readonly Fit[],
): Promise<Refused | null> {
  if (!first) return null
  const count = (await countOf(sql, client)) + 1 + others.length
  if (count <= operationsOfClientMax) return null
  const message = `A client has at most ${operationsOfClientMax} operations. Retire some of them.`
  return { fit: first, code: 'CONFLICT', message, cost: null, limit: 0 }
}
