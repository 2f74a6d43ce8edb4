import { database, type Pool, type Sql, systemContext } from '#kit/postgres'
import type { Vault } from '#kit/vault'
import { hashOf } from './secret.ts'

export type LoginAttempt = {
  readonly codeVerifier: string
  readonly nonce: string
  readonly returnTo: string
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

export type LoginAttemptDeps = {
  readonly sql: Pool
  readonly vault: Vault
  readonly now: () => Date
}

export const loginAttemptSeconds = 600
const cleanedAtOnce = 100

/**
 * Attempts in `gateway.login_attempt`: nothing in it, nor in the browser, is enough to finish a
 * sign-in.
 */
export function createLoginAttempts({ sql, vault, now }: LoginAttemptDeps): LoginAttempts {
  const db = database(sql, systemContext)
  return {
    remember: async ({ state, browser }, attempt) => {
      const row = {
        stateHash: hashOf(state),
        browserHash: hashOf(browser),
        codeVerifier: vault.seal(attempt.codeVerifier, state),
        nonce: attempt.nonce,
        returnTo: attempt.returnTo,
        createdAt: now(),
        expiresAt: new Date(now().getTime() + loginAttemptSeconds * 1_000),
      }
      await db.write((tx) =>
        Promise.all([tx`insert into gateway.login_attempt ${tx(row)}`, deleteExpired(tx, now())]),
      )
    },
    take: async (proof) => {
      const found = await db.write((tx) => take(tx, proof, now()))
      if (typeof found === 'string') return found
      const codeVerifier = vault.open(found.codeVerifier, proof.state)
      return codeVerifier === null ? 'expired' : { ...found, codeVerifier }
    },
  }
}

type Row = { codeVerifier: Uint8Array; nonce: string; returnTo: string }

async function take(
  sql: Sql,
  { state, browser }: LoginProof,
  now: Date,
): Promise<Row | 'replayed' | 'expired'> {
  const [row] = await sql<Row[]>`
    update gateway.login_attempt
    set used_at = ${now}
    where state_hash = ${hashOf(state)} and browser_hash = ${hashOf(browser)}
      and used_at is null and expires_at > ${now}
    returning code_verifier, nonce, return_to`
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
