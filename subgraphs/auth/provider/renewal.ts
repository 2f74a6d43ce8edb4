import { audit } from '#kit/audit'
import { hashPassword, passwordMatches } from '../account/password.ts'
import { type AccountRow, accountById, lockPassword } from '../account/queries.ts'
import { weaknessOf } from '../credential/judge.ts'
import { replacePassword } from '../credential/replace.ts'
import { type PasswordProblem, wordsOf } from '../credential/strength.ts'
import type { SecondFactor } from '../security/second-factor.ts'
import { deleteTotp, spendTotp, startTotp, totpOwner } from '../totp/queries.ts'
import { newTotpSecret, totpCodeFrom, totpPendingMs } from '../totp/rules.ts'
import type { Deps } from './visit.ts'

/** A secret for the app, sealed: it waits with the interaction, and the old one goes on until a code of it is shown. */
export function newSealedSecret({ vault }: SecondFactor, personId: string): string {
  return vault.seal(newTotpSecret(), totpOwner(personId)).toString('base64url')
}

/** The secret as its owner reads it. Throws when the key that sealed it is gone. */
export function openedSecret({ vault }: SecondFactor, personId: string, sealed: string): string {
  const secret = vault.open(Buffer.from(sealed, 'base64url'), totpOwner(personId))
  if (secret === null) throw new Error('The key that sealed a new secret is gone.')
  return secret
}

class WrongCode extends Error {}

type NewApp = { readonly personId: string; readonly sealed: string; readonly code: string }

/** The new secret in the place of the old one, by a code of it. False, and all as before, for a wrong one. */
export async function renewApp(
  { db, now }: Deps,
  { vault }: SecondFactor,
  { personId, sealed, code: text }: NewApp,
): Promise<boolean> {
  const code = totpCodeFrom(text)
  if (code === null) return false
  const at = now()
  const secret = Buffer.from(sealed, 'base64url')
  const pendingUntil = new Date(at.getTime() + totpPendingMs)
  const renewing = db.write(async (sql) => {
    await deleteTotp(sql, personId)
    await startTotp(sql, { personId, secret, pendingUntil })
    if (!(await spendTotp(sql, { personId, code, at, confirms: true, vault })))
      throw new WrongCode()
    await audit(sql, {
      ...{ action: 'auth.totp-renewed', actorId: personId },
      ...{ entity: 'User', entityId: personId },
    })
    return true
  })
  return renewing.catch((error: unknown) => {
    if (error instanceof WrongCode) return false
    throw error
  })
}

type Accounts = NonNullable<Deps['accounts']>

/**
 * What is wrong with a new password; empty for one that was set in the place of the old one. Null
 * when somebody else changed it first, or closed the account.
 */
export async function renewPassword(
  { db, now }: Deps,
  accounts: Accounts,
  { account, password }: { readonly account: AccountRow; readonly password: string },
): Promise<readonly PasswordProblem[] | null> {
  const isCurrent = await passwordMatches(account.passwordHash, password)
  const candidate = { password, known: wordsOf(account), isCurrent }
  const weak = await weaknessOf(accounts.breach, candidate, [])
  if (weak) return weak.problems
  const passwordHash = await hashPassword(password)
  const replacement = { personId: account.id, password, passwordHash, at: now(), own: null }
  return db.write(async (sql) => {
    if (!(await lockPassword(sql, account))) return null
    await replacePassword(sql, accounts, {
      ...{ ...replacement, requestId: null },
      action: 'auth.password-renewed',
    })
    return []
  })
}

export const accountOf = ({ db }: Deps, id: string) => db.read((sql) => accountById(sql, id))
