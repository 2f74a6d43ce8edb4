import { createHash } from 'node:crypto'
import type { Sql } from '#kit/postgres'

type Asked = {
  readonly what: string
  /** Need not have an account: the answer tells nothing about it. */
  readonly email: string
  readonly at: Date
}

/** As often may one thing be asked for one address. */
const limit = 5
const windowMinutes = 60

const keyOf = ({ what, email }: Asked) =>
  createHash('sha256')
    .update(`${what} ${email.normalize('NFKC').toLowerCase()}`)
    .digest()

/** Counts, and gives the seconds until the next one is allowed; 0 for one that is. */
export async function waitFor(sql: Sql, asked: Asked): Promise<number> {
  const { at } = asked
  const [row] = await sql<{ asked: number; endsAt: Date }[]>`
    insert into request_rate as known (key, asked, ends_at)
    values (
      ${keyOf(asked)}, 1, ${at}::timestamptz + make_interval(mins => ${windowMinutes}))
    on conflict (key) do update set
      asked = case when known.ends_at <= ${at} then 1 else least(known.asked, ${limit}) + 1 end,
      ends_at = case when known.ends_at <= ${at} then excluded.ends_at else known.ends_at end
    returning asked, ends_at`
  if (!row || row.asked <= limit) return 0
  return Math.max(1, Math.ceil((row.endsAt.getTime() - at.getTime()) / 1_000))
}

export const sweepRates = (sql: Sql, at: Date) => sql`
  delete from request_rate
  where ends_at < ${at}`
