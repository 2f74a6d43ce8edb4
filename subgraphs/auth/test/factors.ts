import { randomBytes } from 'node:crypto'
import { HOTP, Secret } from 'otpauth'
import { toGlobalId } from '#kit/id'
import type { Viewer } from '#kit/identity-token'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { type TestDatabase, testDatabase } from '../../../stack/testing/database.ts'
import { ask, dataOf, testIdentity, viewerWith } from '../../../stack/testing/subgraph.ts'
import { createAuth } from '../app.ts'
import { configFrom } from '../config.ts'
import type { RelyingParty } from '../security/second-factor.ts'
import { addAccount } from './world.ts'

export const relyingParty = {
  id: 'localhost',
  name: 'Plexus',
  origins: ['http://localhost:3999', 'http://localhost:3001'],
}
const newKey = (id: string) => ({ id, key: new Uint8Array(randomBytes(32)) })
/** The newest first. */
export const totpKeys = [newKey('new'), newKey('old')]

/** The room's graph with second factors and without its provider; `clock` is everybody's. */
export async function newFactorGraph(given?: TestDatabase, party: RelyingParty = relyingParty) {
  const base = given ?? (await testDatabase())
  const clock = { at: new Date('2027-01-04T09:00:10Z') }
  const now = () => clock.at
  const { publicJwks, minter } = await testIdentity(now)
  const auth = createAuth({
    config: {
      ...configFrom({
        DATABASE_URL: base.url('auth'),
        IDENTITY_PUBLIC_JWKS: JSON.stringify({ keys: publicJwks }),
        EMBEDDED_PROVIDER: 'false',
        LETTER_KEYS: `now:${'k'.repeat(43)}`,
      }),
      secondFactor: { keys: totpKeys, relyingParty: party },
    },
    log: createLog({ service: 'auth', level: 'silent' }),
    metrics: createMetrics('auth'),
    now,
  })
  const as = (viewer: Viewer | null, query: string, variables: Record<string, unknown> = {}) =>
    ask({ fetch: auth.fetch, name: 'auth', minter }, viewer, { query, variables })
  return {
    base,
    clock,
    as,
    admin: base.connectAdmin(),
    sql: base.connect('auth'),
    gateway: base.connect('gateway'),
    later: (seconds: number) => {
      clock.at = new Date(clock.at.getTime() + seconds * 1_000)
    },
    stop: async () => {
      await auth.stop()
      if (!given) await base.drop()
    },
  }
}

export type FactorGraph = Awaited<ReturnType<typeof newFactorGraph>>

type Signed = { acr?: string; minutesAgo?: number }

/** Somebody with an account, in a session that they signed in to just now or some time ago. */
export async function newPerson(graph: FactorGraph, { acr = '1', minutesAgo = 1 }: Signed = {}) {
  const { id, email } = await addAccount(graph.sql)
  const viewer = viewerWith(['CLIENT'], id)
  const session = await sessionOf(graph, id, { acr, minutesAgo })
  return { id, email, viewer: { ...viewer, acr, sessionId: session } }
}

/** One more session of somebody. */
export async function sessionOf({ gateway, clock }: FactorGraph, id: string, signed: Signed = {}) {
  const { acr = '1', minutesAgo = 1 } = signed
  const at = new Date(clock.at.getTime() - minutesAgo * 60_000)
  const row = {
    idHash: randomBytes(32),
    personId: id,
    subject: id,
    roles: ['CLIENT'],
    acr,
    tokens: Buffer.from('sealed'),
    device: 'Firefox',
    createdAt: at,
    authenticatedAt: at,
    expiresAt: new Date(clock.at.getTime() + 86_400_000),
    absoluteEnd: new Date(clock.at.getTime() + 86_400_000),
  }
  const [inserted] = await gateway<{ id: string }[]>`
    insert into auth.web_session ${gateway(row)} returning id`
  return inserted?.id ?? ''
}

export type Person = Awaited<ReturnType<typeof newPerson>>

/** The code that the app shows so many steps from now. */
export const codeOf = (secret: string, { clock }: Pick<FactorGraph, 'clock'>, steps = 0) =>
  HOTP.generate({
    secret: Secret.fromBase32(secret),
    algorithm: 'SHA1',
    digits: 6,
    counter: Math.floor(clock.at.getTime() / 30_000) + steps,
  })

const userErrors = '... on UserError { code message path }'
const invalidCode = '... on InvalidCodeError { attemptsLeft lockedUntil }'

const mutations = {
  enrolTotp: `mutation ($password: String) { enrolTotp(password: $password) {
    __typename ... on TotpEnrolment { secret otpauthUrl qrSvg expiresAt } ${userErrors} } }`,
  verifyTotp: `mutation ($code: String!) { verifyTotp(input: { code: $code }) {
    __typename ... on TotpVerified { acr recoveryCodes } ${userErrors} ${invalidCode} } }`,
  disableTotp: `mutation ($code: String!) { disableTotp(code: $code) {
    __typename ... on TotpDisabled { at } ${userErrors} ${invalidCode} } }`,
  useRecoveryCode: `mutation ($code: String!) { useRecoveryCode(code: $code) {
    __typename ... on RecoveryCodeUsed { acr codesLeft } ${userErrors} ${invalidCode} } }`,
  startPasskeyRegistration: `mutation ($password: String) { startPasskeyRegistration(password: $password) {
    __typename ... on PasskeyChallenge { options } ${userErrors} } }`,
  finishPasskeyRegistration: `mutation ($label: String!, $response: String!) {
    finishPasskeyRegistration(input: { label: $label, response: $response }) {
    __typename ... on PasskeyAdded { passkey { id label createdAt lastUsedAt } recoveryCodes } ${userErrors} } }`,
  startPasskeyVerification: `mutation { startPasskeyVerification {
    __typename ... on PasskeyChallenge { options } ${userErrors} } }`,
  finishPasskeyVerification: `mutation ($response: String!) { finishPasskeyVerification(response: $response) {
    __typename ... on PasskeyVerified { acr } ${userErrors} } }`,
  removePasskey: `mutation ($id: ID!) { removePasskey(id: $id) {
    __typename ... on PasskeyRemoved { id } ${userErrors} } }`,
  regenerateRecoveryCodes: `mutation { regenerateRecoveryCodes {
    __typename ... on RecoveryCodes { codes } ${userErrors} } }`,
}
export type Mutation = keyof typeof mutations

/** What a mutation may answer with; which members are there is what the tests assert. */
export type Answer = {
  __typename: string
  code: string
  secret: string
  otpauthUrl: string
  qrSvg: string
  expiresAt: string
  acr: string
  recoveryCodes: string[] | null
  codes: string[]
  codesLeft: number
  options: string
  passkey: { id: string; label: string; createdAt: string; lastUsedAt: string | null }
  attemptsLeft: number
  lockedUntil: string | null
}

export async function mutate(
  { as }: FactorGraph,
  viewer: Viewer,
  name: Mutation,
  variables: Record<string, unknown> = {},
): Promise<Answer> {
  const data = dataOf<Record<string, Answer>>(await as(viewer, mutations[name], variables))
  const answer = data[name]
  if (!answer) throw new Error('No answer.')
  return answer
}

/** The code of the refusal as an error. */
export async function refusal(
  { as }: FactorGraph,
  viewer: Viewer | null,
  name: Mutation,
  variables: Record<string, unknown> = {},
) {
  const { body } = await as(viewer, mutations[name], variables)
  return body.errors?.[0]?.extensions.code ?? null
}

/** Somebody with an authenticator app; the step of its first code is used. */
export async function withTotp(graph: FactorGraph, person: Person) {
  const { secret } = await mutate(graph, person.viewer, 'enrolTotp')
  const code = codeOf(secret, graph)
  const { recoveryCodes } = await mutate(graph, person.viewer, 'verifyTotp', { code })
  return { ...person, secret, recoveryCodes: recoveryCodes ?? [] }
}

export async function securityOf({ as }: FactorGraph, viewer: Viewer) {
  const query = `query ($viewer: ID!) { _entities(representations: [{ __typename: "Viewer", id: $viewer }]) {
    ... on Viewer { security { totpEnabled recoveryCodesLeft passkeys { id label lastUsedAt } passwordChangedAt passwordExpiresAt emailVerified } } } }`
  const answer = await as(viewer, query, { viewer: toGlobalId('Viewer', viewer.id) })
  return dataOf<{ _entities: { security: Record<string, unknown> }[] }>(answer)._entities[0]
    ?.security
}

/** The same session after a second factor was shown. */
export const steppedUp = <Who extends Viewer>(viewer: Who): Who => ({ ...viewer, acr: '2' })
