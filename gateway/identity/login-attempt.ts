import { database, type Pool, type Sql, systemContext } from '#kit/postgres'
import type { KeyedVault } from '#kit/vault'
import type { Level } from './authorization.ts'
import { type Guard, guardedBy, type Unguarded } from './guards.ts'
import { hashOf } from './secret.ts'

export type LoginAttempt = {
  readonly codeVerifier: string
  readonly nonce: string
  readonly returnTo: string
  /** True when the provider was to show no page. */
  readonly silent: boolean
  /** What was asked for has to be in the answer. */
  readonly acrValues: Level | null
  readonly maxAge: number | null
  readonly locale: string | null
}

/**
 * What the browser shows on its way back: the state from the address, its own secret from the
 * cookie.
 */
export type LoginProof = { readonly state: string; readonly browser: string }

export type LoginAttempts = {
  remember(proof: LoginProof, attempt: LoginAttempt): Promise<void>
  /**
   * Once only, and only for the browser that began it: `replayed` the second time, `expired` for
   * anything else.
   */
  take(proof: LoginProof): Promise<LoginAttempt | 'replayed' | 'expired'>
}

export type LoginAttemptDeps = Unguarded & {
  readonly sql: Pool
  readonly vault: KeyedVault
  readonly now: () => Date
}

export const loginAttemptSeconds = 600
const cleanedAtOnce = 100

/**
 * Attempts in `gateway.login_attempt`: nothing in it, nor in the browser, is enough to finish a
 * sign-in. The verifier is sealed by a key that only the state in the browser's address completes.
 */
export function createLoginAttempts(deps: LoginAttemptDeps): LoginAttempts {
  const { sql, vault, now } = deps
  const guarded = guardedBy(deps)
  const ownerOf = (browser: string) => (guarded('flow-browser') ? browser : '')
  const db = database(sql, systemContext)
  return {
    remember: async ({ state, browser }, attempt) => {
      const row = {
        stateHash: hashOf(state),
        browserHash: hashOf(browser),
        codeVerifier: vault.completedBy(state).seal(attempt.codeVerifier, ownerOf(browser)),
        nonce: attempt.nonce,
        returnTo: attempt.returnTo,
        silent: attempt.silent,
        acrValues: attempt.acrValues,
        maxAge: attempt.maxAge,
        locale: attempt.locale,
        createdAt: now(),
        expiresAt: new Date(now().getTime() + loginAttemptSeconds * 1_000),
      }
      await db.write((tx) =>
        Promise.all([tx`insert into gateway.login_attempt ${tx(row)}`, deleteExpired(tx, now())]),
      )
    },
    take: async (proof) => {
      const found = await db.write((tx) => take(tx, proof, { now: now(), guarded }))
      if (typeof found === 'string') return found
      const { state, browser } = proof
      const codeVerifier = vault.completedBy(state).open(found.codeVerifier, ownerOf(browser))
      return codeVerifier === null ? 'expired' : { ...found, codeVerifier }
    },
  }
}

type Row = Omit<LoginAttempt, 'codeVerifier'> & { codeVerifier: Uint8Array }

async function take(
  sql: Sql,
  { state, browser }: LoginProof,
  { now, guarded }: { now: Date; guarded: (guard: Guard) => boolean },
): Promise<Row | 'replayed' | 'expired'> {
  const ofBrowser = guarded('flow-browser') ? sql`browser_hash = ${hashOf(browser)}` : sql`true`
  const unused = guarded('flow-single-use') ? sql`used_at is null` : sql`true`
  const [row] = await sql<Row[]>`
    update gateway.login_attempt
    set used_at = ${now}
    where state_hash = ${hashOf(state)} and ${ofBrowser} and ${unused} and expires_at > ${now}
    returning code_verifier, nonce, return_to, silent, acr_values, max_age, locale`
  if (row) return row
  const used = await sql`
    select 1
    from gateway.login_attempt
    where state_hash = ${hashOf(state)} and browser_hash = ${hashOf(browser)}
      and used_at is not null`
  return used.length > 0 ? 'replayed' : 'expired'
}

/**
 * A few with each new one: the table stays as small as ten minutes of sign-ins, without a timer.
 */
const deleteExpired = (sql: Sql, now: Date) => sql`
  delete from gateway.login_attempt
  where state_hash in (
    select state_hash
    from gateway.login_attempt
    where expires_at < ${now}
    limit ${cleanedAtOnce}
    for update skip locked
  )`
