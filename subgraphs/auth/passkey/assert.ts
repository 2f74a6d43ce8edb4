import type { Sql } from '#kit/postgres'
import type { RelyingParty } from '../security/second-factor.ts'
import { askAssertion, signedCounter } from './ceremony.ts'
import {
  countPasskey,
  keepChallenge,
  type PasskeyRow,
  type Purpose,
  passkeyByCredential,
  takeChallenge,
} from './queries.ts'
import { assertionFrom } from './response.ts'
import { challengeMs } from './rules.ts'

type Place = {
  readonly party: RelyingParty
  readonly purpose: Purpose
  readonly boundTo: string
  readonly at: Date
}

/** Asks for one of these passkeys, or for any; gives what the browser needs, as JSON. */
export async function startAssertion(
  sql: Sql,
  { party, purpose, boundTo, at }: Place,
  asked: { readonly personId: string | null; readonly passkeys: readonly PasskeyRow[] },
): Promise<string> {
  const { options, challenge } = await askAssertion(party, asked.passkeys)
  const expiresAt = new Date(at.getTime() + challengeMs)
  await keepChallenge(sql, { purpose, boundTo, personId: asked.personId, challenge, expiresAt })
  return options
}

/**
 * Whose passkey answered. Null for an answer that does not hold; the challenge is over either way.
 * `text` is what the browser gave, as JSON.
 */
export async function finishAssertion(
  sql: Sql,
  { party, purpose, boundTo, at }: Place,
  text: string,
): Promise<PasskeyRow | null> {
  const challenge = await takeChallenge(sql, { purpose, boundTo, at })
  const response = assertionFrom(text)
  if (challenge === null || response === null) return null
  const passkey = await passkeyByCredential(sql, Buffer.from(response.id, 'base64url'))
  if (!passkey) return null
  const counter = await signedCounter(party, { challenge, passkey }, response)
  if (counter === null) return null
  return (await countPasskey(sql, { id: passkey.id, counter, at })) ? passkey : null
}
