import { AppError } from '#kit/errors'
import type { Transaction } from '#kit/postgres'
import { userError } from '#kit/user-error'
import type { Context } from '../context.ts'
import { replaceRecoveryCodes } from '../recovery/queries.ts'
import { factorChanged } from '../security/change.ts'
import { mayAddFactor } from '../security/policy.ts'
import { factorsOf, lockFactors } from '../security/queries.ts'
import { type Adding, type Owner, ownerFrom } from '../security/standing.ts'
import { askRegistration, madePasskey } from './ceremony.ts'
import { insertPasskey, keepChallenge, passkeysOf, takeChallenge } from './queries.ts'
import { registrationFrom } from './response.ts'
import { challengeMs, labelFrom, passkeysMax } from './rules.ts'

/** The session that a challenge is for. Throws FORBIDDEN for a program without one. */
export function sessionOf({ viewer }: Owner): string {
  if (viewer.sessionId) return viewer.sessionId
  throw new AppError('FORBIDDEN', 'Passkeys are for browser sessions.')
}

const tooMany = () =>
  userError('ConflictError', `You have ${passkeysMax} passkeys; remove one of them first.`)

/** What the browser needs to make a passkey. */
export async function startRegistration({ db, now }: Context, adding: Adding) {
  const { personId, account, secondFactor } = adding
  const boundTo = sessionOf(adding)
  if (adding.factors.passkeys >= passkeysMax) return tooMany()
  return db.write(async (sql) => {
    const { email, displayName } = account
    const passkeys = await passkeysOf(sql, personId)
    const person = { id: personId, email, displayName, passkeys }
    const { options, challenge } = await askRegistration(secondFactor.relyingParty, person)
    const expiresAt = new Date(now().getTime() + challengeMs)
    await keepChallenge(sql, { purpose: 'register', boundTo, personId, challenge, expiresAt })
    return { __typename: 'PasskeyChallenge' as const, options }
  })
}

const notValid = () =>
  userError('ValidationError', 'This passkey could not be checked. Begin again.', ['response'])

type Given = { readonly label: string; readonly response: string }

async function made(sql: Transaction, owner: Owner, { label, response, at }: Given & { at: Date }) {
  const challenge = await takeChallenge(sql, {
    purpose: 'register',
    boundTo: sessionOf(owner),
    at,
  })
  const answer = registrationFrom(response)
  if (challenge === null || answer === null) return null
  const passkey = await madePasskey(owner.secondFactor.relyingParty, challenge, answer)
  return passkey && { ...passkey, personId: owner.personId, label, createdAt: at }
}

/** The challenge proves that a first factor might be added when it was given; one that came since takes more. */
async function keep(sql: Transaction, context: Context, { owner, given }: Making) {
  const { personId, viewer } = owner
  const at = context.now()
  const row = await made(sql, owner, { ...given, at })
  if (!row) return notValid()
  await lockFactors(sql, personId)
  const factors = await factorsOf(sql, personId)
  if (!mayAddFactor(viewer, { factors, isFresh: true })) {
    return userError('ForbiddenError', 'Confirm with your second factor first.')
  }
  if (factors.passkeys >= passkeysMax) return tooMany()
  const passkey = await insertPasskey(sql, row)
  if (!passkey) return userError('ConflictError', 'This passkey is registered already.')
  const detail = { label: passkey.label }
  const { requestId } = context
  await factorChanged(sql, { personId, what: 'passkey-added', requestId, detail })
  const recoveryCodes = factors.recoveryCodes > 0 ? null : await replaceRecoveryCodes(sql, personId)
  return { __typename: 'PasskeyAdded' as const, passkey, recoveryCodes }
}

type Making = { readonly owner: Owner; readonly given: Given }

/** Keeps the passkey that the browser made. Throws as `ownerFrom` does. */
export async function finishRegistration(context: Context, input: Given) {
  const owner = ownerFrom(context)
  const label = labelFrom(input.label)
  if (label === null) {
    return userError('ValidationError', 'A name has 1 to 80 characters, none of them invisible.', [
      'label',
    ])
  }
  const making = { owner, given: { ...input, label } }
  return context.db.write((sql) => keep(sql, context, making))
}
