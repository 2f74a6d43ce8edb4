import type { Transaction } from '#kit/postgres'
import { userError } from '#kit/user-error'
import type { Context } from '../context.ts'
import { replaceRecoveryCodes } from '../recovery/queries.ts'
import { factorChanged } from '../security/change.ts'
import { mayAddFactor } from '../security/policy.ts'
import { prove } from '../security/prove.ts'
import { factorsOf, lockFactors } from '../security/queries.ts'
import { raise } from '../security/raise.ts'
import { hasFactor } from '../security/rules.ts'
import type { Adding, Owner } from '../security/standing.ts'
import { qrSvgOf } from './qr.ts'
import { spendTotp, startTotp, totpOwner } from './queries.ts'
import { newTotpSecret, otpauthUrlOf, totpCodeFrom, totpPendingMs } from './rules.ts'

/** A new secret, told once: it waits for ten minutes until a code of it is shown. */
export async function enrol({ db, now }: Context, { personId, account, secondFactor }: Adding) {
  const secret = newTotpSecret()
  const expiresAt = new Date(now().getTime() + totpPendingMs)
  const sealed = secondFactor.vault.seal(secret, totpOwner(personId))
  const row = { personId, secret: sealed, pendingUntil: expiresAt }
  if (!(await db.write((sql) => startTotp(sql, row)))) {
    return userError('ConflictError', 'An authenticator app is set up already.')
  }
  const otpauthUrl = otpauthUrlOf({ secret, email: account.email })
  const qrSvg = await qrSvgOf(otpauthUrl)
  return { __typename: 'TotpEnrolment' as const, secret, otpauthUrl, qrSvg, expiresAt }
}

type Verified = { acr: string; recoveryCodes: string[] | null }

/** Ten codes for whoever has none: with the first factor they are the way back in without it. */
async function codesFor(sql: Transaction, personId: string, left: number) {
  return left > 0 ? null : replaceRecoveryCodes(sql, personId)
}

type Given = { readonly owner: Owner; readonly code: string; readonly requestId: string }

async function verify(sql: Transaction, at: Date, given: Given): Promise<Verified | null> {
  const { owner, requestId } = given
  const { personId, viewer, secondFactor } = owner
  const code = totpCodeFrom(given.code)
  if (code === null) return null
  await lockFactors(sql, personId)
  const factors = await factorsOf(sql, personId)
  // A passkey that came meanwhile makes this the second one, which takes more.
  const confirms = mayAddFactor(viewer, { factors, isFresh: !hasFactor(factors) })
  const use = { personId, code, at, confirms, vault: secondFactor.vault }
  const spent = await spendTotp(sql, use)
  if (!spent) return null
  const acr = await raise(sql, owner, at)
  if (!spent.confirmed) return { acr, recoveryCodes: null }
  await factorChanged(sql, { personId, what: 'totp-enabled', requestId })
  return { acr, recoveryCodes: await codesFor(sql, personId, factors.recoveryCodes) }
}

/** Confirms the enrolment that waits, or proves the one that is there; either raises the session's level. */
export const verifyTotp = (context: Context, owner: Owner, code: string) =>
  prove(context, owner.personId, (sql, at) =>
    verify(sql, at, { owner, code, requestId: context.requestId }),
  )
