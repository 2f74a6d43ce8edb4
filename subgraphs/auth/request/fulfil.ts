import { randomBytes } from 'node:crypto'
import { audit } from '#kit/audit'
import type { Sql, Transaction } from '#kit/postgres'
import type { Vault } from '#kit/vault'
import type { Directory } from '../account/directory.ts'
import { hashPassword } from '../account/password.ts'
import { tellProvisioned } from '../account/provision.ts'
import { lockAddress } from '../account/queries.ts'
import { requestLink, requestNotice } from '../letter/request.ts'
import { dropTokens, type TokenPurpose } from '../letter/token.ts'
import type { RequestRow } from './queries.ts'

export type Fulfilment = { readonly directory: Directory; readonly vault: Vault }
type Asked<Kind extends RequestRow['kind']> = Extract<RequestRow, { kind: Kind }>

/** Nobody knows it. */
const noPassword = () => hashPassword(randomBytes(32).toString('base64url'))

/**
 * A new account with a letter to prove its address, or a letter to whom the address belongs. When two
 * register an address that nobody proved, nobody can tell whose letter is opened: then the letter
 * has its reader choose the password, and none of those given before counts.
 */
async function register(
  sql: Transaction,
  { email, passwordHash, displayName, locale, askedAt }: Asked<'REGISTER'>,
  { directory, vault }: Fulfilment,
) {
  await lockAddress(sql, email)
  const isContested = (await directory.findByEmail(sql, email))?.emailVerified === false
  const account = await directory.create(sql, {
    ...{ email, displayName, locale, roles: ['CLIENT'], emailVerified: false },
    passwordHash: isContested ? await noPassword() : passwordHash,
  })
  if (!account) return tellOwner(sql, email, directory)
  const personId = account.id
  await tellProvisioned(sql, account)
  const detail = { from: [], to: [...account.roles] }
  const entry = { action: 'auth.account-created', actorId: personId, detail }
  await audit(sql, { ...entry, entity: 'User', entityId: personId })
  await dropTokens(sql, { personId, purpose: 'VERIFY_EMAIL' })
  const purpose = isContested ? 'RESET_PASSWORD' : 'VERIFY_EMAIL'
  await requestLink(sql, { personId, purpose, at: askedAt }, vault)
}

async function tellOwner(sql: Sql, email: string, directory: Directory) {
  const owner = await directory.findByEmail(sql, email)
  if (owner && !owner.disabledAt) await requestNotice(sql, owner.id, 'ACCOUNT_EXISTS')
}

/** A letter with a link, where there is somebody to write to. */
async function sendLink(
  sql: Transaction,
  { email, askedAt, purpose }: { email: string; askedAt: Date; purpose: TokenPurpose },
  { directory, vault }: Fulfilment,
) {
  const owner = await directory.findByEmail(sql, email)
  if (!owner || owner.disabledAt) return
  if (purpose === 'VERIFY_EMAIL' && owner.emailVerified) return
  await requestLink(sql, { personId: owner.id, purpose, at: askedAt }, vault)
}

/** Does what was asked for. Nobody is told how it ended, except by letter. */
export const fulfil = (sql: Transaction, asked: RequestRow, deps: Fulfilment): Promise<void> =>
  asked.kind === 'REGISTER'
    ? register(sql, asked, deps)
    : sendLink(sql, { email: asked.email, askedAt: asked.askedAt, purpose: asked.kind }, deps)
