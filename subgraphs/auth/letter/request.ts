import { type FactorLetterKind, letterOwner } from '#kit/letter'
import { emit } from '#kit/outbox'
import type { Sql } from '#kit/postgres'
import type { Vault } from '#kit/vault'
import { issueToken, type TokenPurpose } from './token.ts'

/** Letters without a link that opens anything. */
export type Notice = 'ACCOUNT_EXISTS' | 'PASSWORD_CHANGED' | FactorLetterKind

const topic = 'auth.letter-requested'

/** Asks for a letter to this person, in the transaction of what it tells. */
export const requestNotice = (sql: Sql, personId: string, kind: Notice) =>
  emit(sql, {
    topic,
    entityId: personId,
    payload: { personId, kind, sealedToken: null, expiresAt: null },
  })

type Link = { readonly personId: string; readonly purpose: TokenPurpose; readonly at: Date }

/**
 * Asks for a letter with a link that works once. The token travels sealed: neither the bus nor a
 * table of letters ever holds one that could be used.
 */
export async function requestLink(
  sql: Sql,
  { personId, purpose, at }: Link,
  vault: Vault,
): Promise<void> {
  const { token, expiresAt } = await issueToken(sql, { personId, purpose, at })
  const sealed = vault.seal(token, letterOwner({ personId, kind: purpose }))
  await emit(sql, {
    topic,
    entityId: personId,
    payload: {
      ...{ personId, kind: purpose },
      sealedToken: sealed.toString('base64url'),
      expiresAt: expiresAt.toISOString(),
    },
  })
}
