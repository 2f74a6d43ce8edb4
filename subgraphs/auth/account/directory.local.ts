import type { Sql } from '#kit/postgres'
import type { Directory, DirectoryAccount } from './directory.ts'

type Row = Omit<DirectoryAccount, 'emailVerified'> & { readonly emailVerifiedAt: Date | null }

const columns = (sql: Sql) =>
  sql`id, email, display_name, locale, roles, disabled_at, email_verified_at`

const accountOf = ({ emailVerifiedAt, ...row }: Row): DirectoryAccount => ({
  ...row,
  emailVerified: emailVerifiedAt !== null,
})

const first = ([row]: readonly Row[]) => (row ? accountOf(row) : null)

async function changed(sql: Sql, id: string, set: ReturnType<Sql>): Promise<boolean> {
  const { count } = await sql`
    update account
    set ${set}, updated_at = now()
    where id = ${id}`
  return count > 0
}

/** The table `account`, which the embedded provider signs people in from. */
export const localDirectory: Directory = {
  kind: 'embedded',
  find: async (sql, id) =>
    first(
      await sql<Row[]>`
      select ${columns(sql)}
      from account
      where id = ${id}`,
    ),
  findByEmail: async (sql, email) =>
    first(
      await sql<Row[]>`
      select ${columns(sql)}
      from account
      where email = ${email}`,
    ),
  create: async (sql, account) =>
    first(
      await sql<Row[]>`
      insert into account as known
        (email, password_hash, display_name, locale, roles, email_verified_at)
      values (
        ${account.email}, ${account.passwordHash}, ${account.displayName}, ${account.locale},
        ${[...account.roles]}, ${account.emailVerified ? sql`now()` : null}
      )
      on conflict (email) do update set
        password_hash = excluded.password_hash,
        password_changed_at = now(),
        credential_expires_at = null,
        display_name = excluded.display_name,
        locale = excluded.locale,
        roles = excluded.roles,
        email_verified_at = excluded.email_verified_at,
        updated_at = now()
      where known.email_verified_at is null and known.disabled_at is null
      returning ${columns(sql)}`,
    ),
  setPassword: (sql, { id, passwordHash, at }) =>
    changed(
      sql,
      id,
      sql`password_hash = ${passwordHash}, password_changed_at = ${at}, credential_expires_at = null`,
    ),
  confirmEmail: (sql, { id, at }) =>
    changed(sql, id, sql`email_verified_at = coalesce(email_verified_at, ${at}::timestamptz)`),
  setRoles: (sql, { id, roles }) => changed(sql, id, sql`roles = ${[...roles]}`),
  setDisabled: (sql, { id, at }) => changed(sql, id, sql`disabled_at = ${at}`),
}
