import type { Sql } from '#kit/postgres'
import type { Role } from '#schema/scopes'
import type { Locale } from './rules.ts'

/** An account as whoever keeps it knows it. Its id is the subject of every token. */
export type DirectoryAccount = {
  readonly id: string
  readonly email: string
  readonly displayName: string
  readonly locale: Locale
  readonly roles: readonly Role[]
  readonly disabledAt: Date | null
  readonly emailVerified: boolean
}

export type NewDirectoryAccount = Omit<DirectoryAccount, 'id' | 'disabledAt'> & {
  /** A PHC string of argon2id. */
  readonly passwordHash: string
}

export type NewPassword = {
  readonly id: string
  /** For a provider that hashes by itself. */
  readonly password: string
  /** The same password as a PHC string of argon2id. */
  readonly passwordHash: string
  readonly at: Date
}

/**
 * Where accounts are kept: our own table, or a provider of somebody else's. `sql` is the
 * transaction of whoever asks. The local directory works in it; another one does its work beside
 * it, so each of its changes must be safe to repeat.
 */
export type Directory = {
  /** With `external`, passwords are checked and changed on the provider's own pages. */
  readonly kind: 'embedded' | 'external'
  find(sql: Sql, id: string): Promise<DirectoryAccount | null>
  /** E-mails compare without regard to case. */
  findByEmail(sql: Sql, email: string): Promise<DirectoryAccount | null>
  /**
   * Null when the e-mail is taken. An account whose e-mail was never verified holds nothing back: it
   * becomes the new one, and whoever registered it before is out.
   */
  create(sql: Sql, account: NewDirectoryAccount): Promise<DirectoryAccount | null>
  /** False when there is no such account; so for all below. */
  setPassword(sql: Sql, change: NewPassword): Promise<boolean>
  confirmEmail(sql: Sql, change: { id: string; at: Date }): Promise<boolean>
  setRoles(sql: Sql, change: { id: string; roles: readonly Role[] }): Promise<boolean>
  /** `at` null lets the account in again. */
  setDisabled(sql: Sql, change: { id: string; at: Date | null }): Promise<boolean>
}
