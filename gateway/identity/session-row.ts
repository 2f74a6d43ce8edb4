import { z } from 'zod'
import type { Sql } from '#kit/postgres'
import type { KeyedVault } from '#kit/vault'
import { mayActAs, type Role, roles, scopesOf } from '#schema/scopes'
import type { Acting, LiveSession, ProviderTokens, WebSession } from './session-store.ts'

export type SessionRow = {
  id: string
  personId: string
  subject: string
  displayName: string
  roles: string[]
  acr: string
  acrAt: Date | null
  tokens: Uint8Array
  expiresAt: Date
  absoluteEnd: Date
  lastSeenAt: Date
  renewAt: Date | null
  renewingUntil: Date | null
  renewalUnsureAt: Date | null
  lostAt: Date | null
} & ActingColumns

type ActingColumns = {
  actingFor: string | null
  actingName: string | null
  actingRoles: string[] | null
  actingScopes: string[] | null
  actingReadOnly: boolean
  actingUntil: Date | null
}

type ActingRow = Pick<SessionRow, 'roles'> & ActingColumns
export type LiveRow = Pick<SessionRow, 'id' | 'personId'> & ActingRow

export const actingColumns = (sql: Sql) =>
  sql`acting_for, acting_name, acting_roles, acting_scopes, acting_read_only, acting_until`

export const columns = (sql: Sql) => sql`
  id, person_id, subject, display_name, roles, acr, acr_at, tokens, expires_at, absolute_end,
  last_seen_at, renew_at, renewing_until, renewal_unsure_at, lost_at, ${actingColumns(sql)}`

const Sealed = z.object({
  accessToken: z.string(),
  refreshToken: z.string().nullable(),
  idToken: z.string(),
  accessExpiresAt: z.number(),
})

/** Only the cookie's secret opens it again: it completes the key. */
export const sealTokens = (
  vault: KeyedVault,
  tokens: ProviderTokens,
  { id, secret }: { id: string; secret: string },
): Buffer => vault.completedBy(secret).seal(JSON.stringify(tokens), id)

/** Null for tokens that were altered, belong to another session, or whose key is gone. */
export function openTokens(
  vault: KeyedVault,
  row: Pick<SessionRow, 'id' | 'tokens'>,
  secret: string,
): ProviderTokens | null {
  const text = vault.completedBy(secret).open(row.tokens, row.id)
  return text === null ? null : Sealed.parse(JSON.parse(text))
}

const knownRoles = (names: readonly string[]): Role[] =>
  roles.filter((role) => names.includes(role))

type At = { readonly at: Date; readonly stepUpMs: number }

export function sessionOf(row: SessionRow, { at, stepUpMs }: At): WebSession {
  const acrUntil = provenUntil(row, stepUpMs)
  const isProven = acrUntil !== null && acrUntil > at
  return {
    id: row.id,
    personId: row.personId,
    displayName: row.displayName,
    roles: knownRoles(row.roles),
    acr: isProven ? row.acr : firstLevel,
    acrUntil: isProven ? acrUntil : null,
    expiresAt: row.expiresAt,
    renewAt: row.renewAt,
    acting: actingOf(row, at),
  }
}

const firstLevel = '1'

/** Nobody knows how long ago a level was proven that came without a time: it does not count. */
const provenUntil = ({ acr, acrAt }: SessionRow, stepUpMs: number): Date | null =>
  Number(acr) > Number(firstLevel) && acrAt ? new Date(acrAt.getTime() + stepUpMs) : null

function actingOf(row: ActingRow, at: Date): Acting | null {
  const { actingFor, actingName, actingRoles, actingUntil } = row
  if (actingFor === null || actingUntil === null || actingUntil <= at) return null
  if (!mayStillAct(row)) return null
  return {
    personId: actingFor,
    displayName: actingName ?? '',
    roles: knownRoles(actingRoles ?? []),
    scopes: row.actingScopes,
    readOnly: row.actingReadOnly,
    until: actingUntil,
  }
}

/**
 * A delegate acts by the right of whoever named them, everybody else by a right of their own.
 * Either person's roles may have changed since they began.
 */
const mayStillAct = ({ roles: own, actingRoles, actingScopes, actingReadOnly }: ActingRow) =>
  actingScopes !== null ||
  mayActAs({
    by: scopesOf(knownRoles(own)),
    roles: knownRoles(actingRoles ?? []),
    readOnly: actingReadOnly,
  })

export function liveOf(row: LiveRow, at: Date): LiveSession {
  const acting = actingOf(row, at)
  return {
    id: row.id,
    personId: acting?.personId ?? row.personId,
    roles: acting?.roles ?? knownRoles(row.roles),
  }
}
