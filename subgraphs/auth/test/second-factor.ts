import { decodeJwt } from 'jose'
import { database, systemContext } from '#kit/postgres'
import { createVault } from '#kit/vault'
import { replaceRecoveryCodes } from '../recovery/queries.ts'
import { startTotp, totpOwner } from '../totp/queries.ts'
import { newTotpSecret } from '../totp/rules.ts'
import type { Authenticator } from './authenticator.ts'
import type { Browser } from './browser.ts'
import { codeOf, totpKeys } from './factors.ts'
import {
  addAccount,
  newWorld,
  openSignIn,
  password,
  redeem,
  redirectUri,
  submitSignIn,
} from './world.ts'

const vault = createVault(totpKeys)

/** A provider whose people may have second factors. */
export async function newFactorWorld(overrides: Parameters<typeof newWorld>[0] = {}) {
  // Which port the provider gets is known when it runs.
  const origins: string[] = []
  const relyingParty = { id: 'localhost', name: 'Plexus', origins }
  const world = await newWorld({
    secondFactor: { vault, relyingParty },
    ...overrides,
  })
  origins.push(world.issuer)
  const db = database(world.sql, systemContext)
  const at = () => new Date(Date.now() + world.clock.offsetMs)
  return {
    ...world,
    db,
    now: at,
    /** A code of the app; a step later than the one before, so that each counts. */
    code: (secret: string, steps = 0) => codeOf(secret, { clock: { at: at() } }, steps),
    later: (seconds: number) => {
      world.clock.offsetMs += seconds * 1_000
    },
  }
}

export type FactorWorld = Awaited<ReturnType<typeof newFactorWorld>>

/** Somebody with an authenticator app and recovery codes. */
export async function personWithApp({ sql, db, now }: FactorWorld) {
  const account = await addAccount(sql)
  const secret = newTotpSecret()
  const personId = account.id
  const sealed = vault.seal(secret, totpOwner(personId))
  const recoveryCodes = await db.write(async (tx) => {
    await startTotp(tx, { personId, secret: sealed, pendingUntil: now() })
    await tx`
      update totp set confirmed_at = now(), pending_until = null where person_id = ${personId}`
    return replaceRecoveryCodes(tx, personId)
  })
  return { ...account, secret, recoveryCodes }
}

/** Somebody with a passkey and recovery codes, as the graph would have kept them. */
export async function personWithPasskey({ sql, db }: FactorWorld, key: Authenticator) {
  const account = await addAccount(sql)
  const recoveryCodes = await db.write(async (tx) => {
    await tx`insert into passkey ${tx({ ...key.kept(), personId: account.id, label: 'Key' })}`
    return replaceRecoveryCodes(tx, account.id)
  })
  return { ...account, recoveryCodes }
}

/** A page of the provider in a browser without a screen. */
export type Shown = {
  browser: Browser
  verifier: string
  url: string
  page: string
  status: number
}

/** Signs in with the password and gives the page that comes next. */
export async function afterPassword(
  world: Pick<FactorWorld, 'issuer'>,
  email: string,
  parameters: Record<string, unknown> = {},
): Promise<Shown> {
  const opened = await openSignIn(world, parameters)
  const landed = await submitSignIn(opened, { email, password })
  return { ...opened, url: landed.url, page: await landed.response.text(), status: landed.status }
}

/** Sends fields to the page that is shown, as its forms would. */
export async function send(shown: Shown, fields: Record<string, string>): Promise<Shown> {
  const action = shown.url
  const response = await shown.browser.submit(action, fields)
  const landed = await shown.browser.follow(action, response)
  return {
    ...shown,
    url: landed.url,
    page: await landed.response.text(),
    status: response.status,
  }
}

export const isDone = ({ url }: Shown) => url.startsWith(`${redirectUri}?`)
export const errorOf = ({ url }: Shown) => new URL(url).searchParams.get('error')

/** What the ID token says of the sign-in. */
export async function claimsOf(world: Pick<FactorWorld, 'issuer'>, { url, verifier }: Shown) {
  const code = new URL(url).searchParams.get('code') ?? ''
  const { body } = await redeem(world, { code, verifier })
  const { sub, acr, amr } = decodeJwt(body.id_token)
  return { sub, acr, amr }
}

/** The options for a passkey that the page brings along. */
export const passkeyOptionsIn = ({ page }: { page: string }): string =>
  (/data-options="([^"]+)"/.exec(page)?.[1] ?? '').replaceAll('&quot;', '"')
