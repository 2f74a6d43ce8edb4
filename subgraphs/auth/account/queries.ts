import type { Sql } from '#kit/postgres'
import type { Role } from '#schema/scopes'
import { failuresForgottenAfterHours, type Locale, lockSeconds } from './rules.ts'

export type AccountRow = {
  id: string
  email: string
  passwordHash: string
  displayName: string
  locale: Locale
  roles: Role[]
  disabledAt: Date | null
  passwordChangedAt: Date
  /** Set for this one password; null for none. */
  credentialExpiresAt: Date | null
  emailVerifiedAt: Date | null
}
export type NewAccount = Pick<
  AccountRow,
  'email' | 'passwordHash' | 'displayName' | 'locale' | 'roles'
>

const columns = (sql: Sql) =>
  sql`
    id, email, password_hash, display_name, locale, roles, disabled_at,
    password_changed_at, credential_expires_at, email_verified_at`

/** Null when the e-mail is taken; the unique constraint decides, not a prior read. */
export async function insertAccount(sql: Sql, account: NewAccount): Promise<AccountRow | null> {
  const [row] = await sql<AccountRow[]>`
    insert into account (email, password_hash, display_name, locale, roles)
    values (
      ${account.email}, ${account.passwordHash}, ${account.displayName},
      ${account.locale}, ${account.roles}
    )
    on conflict (email) do nothing
    returning ${columns(sql)}`
  return row ?? null
}

export async function accountById(sql: Sql, id: string): Promise<AccountRow | null> {
  const [row] = await sql<AccountRow[]>`
    select ${columns(sql)}
    from account
    where id = ${id}`
  return row ?? null
}

export type AccountState = Readonly<Pick<AccountRow, 'id' | 'disabledAt'>> & {
  readonly roles: readonly Role[]
}

export const accountStatesOf = (sql: Sql, ids: readonly string[]) =>
  sql<AccountState[]>`
    select id, roles, disabled_at
    from account
    where id = any (${ids}::uuid[])`

/** E-mails compare without regard to case. */
export async function accountByEmail(sql: Sql, email: string): Promise<AccountRow | null> {
  const [row] = await sql<AccountRow[]>`
    select ${columns(sql)}
    from account
    where email = ${email}`
  return row ?? null
}

/** The cost of the dearest bcrypt hash that an account still has; null when none has one. */
export async function legacyRounds(sql: Sql): Promise<number | null> {
  const [row] = await sql<{ rounds: number | null }[]>`
    select max(substring(password_hash from 5 for 2)::int) as rounds
    from account
    where password_hash like '$2%'`
  return row?.rounds ?? null
}

/** A new hash of the same password, unless it was changed meanwhile. */
export const rehash = (sql: Sql, { id, from, to }: { id: string; from: string; to: string }) => sql`
  update account
  set password_hash = ${to}, updated_at = now()
  where id = ${id} and password_hash = ${from}`

type Known = Pick<AccountRow, 'id' | 'passwordChangedAt'>

/**
 * True while the account is open and its password still is the one that was looked at; then nobody
 * else changes it until the transaction ends.
 */
export async function lockPassword(sql: Sql, { id, passwordChangedAt }: Known): Promise<boolean> {
  // A Date has no microseconds.
  const locked = await sql`
    select 1
    from account
    where id = ${id} and disabled_at is null
      and date_trunc('milliseconds', password_changed_at) = ${passwordChangedAt}
    for update`
  return locked.length > 0
}

/** One bootstrap at a time, across processes, until the transaction ends. */
export const lockBootstrap = (sql: Sql) =>
  sql`select pg_advisory_xact_lock(hashtextextended('auth.bootstrap', 0))`

/** One change of other people's accounts at a time, across processes, until the transaction ends. */
export const lockAdministration = (sql: Sql) =>
  sql`select pg_advisory_xact_lock(hashtextextended('auth.administration', 0))`

/** One registration of this address at a time, until the transaction ends. */
export const lockAddress = (sql: Sql, email: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended('auth.address ' || lower(${email}), 0))`

export async function someAdminExists(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ exists: boolean }[]>`
    select exists (
      select 1 from account where 'ADMIN' = any(roles) and disabled_at is null
    ) as exists`
  return row?.exists ?? false
}

export type Attempt = { lockedUntil: Date | null }

/**
 * Counts an attempt as failed before the password is looked at, so that attempts made at the same
 * moment cannot pass the lock together. Null when the e-mail is locked; nothing is counted then.
 */
export async function beginAttempt(sql: Sql, emailHash: Buffer, at: Date): Promise<Attempt | null> {
  const failed = sql`
    (case when row.failed_at < ${at}::timestamptz - make_interval(hours => ${failuresForgottenAfterHours})
      then 1 else row.failed + 1 end)`
  const seconds = sql`
    (${[...lockSeconds]}::int[])[least(${failed}, ${lockSeconds.length}::int)]`
  const [attempt] = await sql<Attempt[]>`
    insert into sign_in_failure as row (email_hash, failed, failed_at)
    values (${emailHash}, 1, ${at})
    on conflict (email_hash) do update set
      failed = ${failed},
      failed_at = excluded.failed_at,
      locked_until = case when ${seconds} > 0
        then excluded.failed_at + make_interval(secs => ${seconds}) end
    where row.locked_until is null or row.locked_until <= ${at}
    returning locked_until`
  return attempt ?? null
}

/** When the lock of this e-mail ends; null when it is open. */
export async function lockedUntil(sql: Sql, emailHash: Buffer): Promise<Date | null> {
  const [row] = await sql<Attempt[]>`
    select locked_until
    from sign_in_failure
    where email_hash = ${emailHash}`
  return row?.lockedUntil ?? null
}

export const forgetFailures = (sql: Sql, emailHash: Buffer) => sql`
  delete from sign_in_failure
  where email_hash = ${emailHash}`

/** Removes counters that no longer matter. */
export const sweepFailures = (sql: Sql, at: Date) => sql`
  delete from sign_in_failure
  where failed_at < ${at}::timestamptz - make_interval(hours => ${failuresForgottenAfterHours})`
