import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { createLocalJWKSet, type JWK, SignJWT } from 'jose'
import { createBearer } from '../gateway/identity/bearer.ts'
import { createProofCheck } from '../gateway/identity/dpop.ts'
import type { KeySet } from '../gateway/identity/keys.ts'
import { proofsInMemory } from '../gateway/identity/proof-store.ts'
import { cacheSessions } from '../gateway/identity/session-cache.ts'
import { createSessionStore } from '../gateway/identity/session-store.postgres.ts'
import { newPair, proofOf, thumbprintOf } from '../gateway/test/attacks/tokens/forge.ts'
import { createLog } from '../kit/log.ts'
import { createVault } from '../kit/vault.ts'
import { testDatabase } from '../stack/testing/database.ts'
import { type Cell, shareOf, tableOf } from './table.ts'

const issuer = 'https://id.plexus.test'
const audience = 'plexus-api'
const now = () => new Date()
const tokens = 12_000
const known = 100_000
const sessions = 2_000

type Signer = { readonly alg: string; readonly privateKey: KeyObject; readonly jwk: JWK }

const signers = (): Signer[] =>
  [
    { alg: 'ES256', pair: generateKeyPairSync('ec', { namedCurve: 'P-256' }) },
    { alg: 'EdDSA', pair: generateKeyPairSync('ed25519') },
    { alg: 'RS256', pair: generateKeyPairSync('rsa', { modulusLength: 2_048 }) },
  ].map(({ alg, pair }) => ({
    alg,
    privateKey: pair.privateKey,
    jwk: { ...pair.publicKey.export({ format: 'jwk' }), kid: alg, alg, use: 'sig' } as JWK,
  }))

const tokenOf = ({ alg, privateKey }: Signer, sub: string) =>
  new SignJWT({
    client_id: 'partner',
    scope: 'bookings:read bookings:write',
    roles: ['partner_app'],
  })
    .setProtectedHeader({ alg, kid: alg, typ: 'at+jwt' })
    .setSubject(sub)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey)

/** Texts as requests bring them: each has to be hashed anew. */
const copiesOf = (text: string, count: number) =>
  Array.from({ length: count }, () => Buffer.from(text).toString('latin1'))

/** The cheapest of five turns: what else the machine does only adds to it. */
async function cheapest(turn: () => Promise<number>): Promise<number> {
  const turns: number[] = []
  for (let at = 0; at < 5; at += 1) turns.push(await turn())
  return Math.min(...turns)
}

const cpuMicros = () => {
  const { user, system } = process.cpuUsage()
  return user + system
}

async function cpuOfEach<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>) {
  const before = cpuMicros()
  for (const item of items) await work(item)
  return (cpuMicros() - before) / items.length
}

/** What no check of a token can be cheaper than, on this machine at this moment. */
async function signatureRow(): Promise<Cell[]> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const [data, dsaEncoding] = [Buffer.from('x'.repeat(400)), 'ieee-p1363' as const]
  const signature = sign('sha256', data, { key: privateKey, dsaEncoding })
  const turns = Array.from({ length: tokens / 6 }, () => signature)
  const cost = await cheapest(() =>
    cpuOfEach(turns, async (one) => verify('sha256', data, { key: publicKey, dsaEncoding }, one)),
  )
  return ['of it the signature alone, ES256', cost, 'µs of CPU', '']
}

async function tokenRows(): Promise<Cell[][]> {
  const rows: Cell[][] = []
  for (const signer of signers()) {
    const set = createLocalJWKSet({ keys: [signer.jwk] })
    const keys: KeySet = ({ alg, kid = '' }) => set({ alg, kid })
    const options = { issuer, audience, now, keys }
    const all = await Promise.all(
      Array.from({ length: tokens }, () => tokenOf(signer, Bun.randomUUIDv7())),
    )
    const bearer = createBearer(options)
    const perTurn = tokens / 6
    let from = perTurn
    for (const token of all.slice(0, perTurn)) await bearer.verify(token)
    const unknown = await cheapest(async () => {
      const some = all.slice(from, from + perTurn)
      from += perTurn
      return cpuOfEach(some, bearer.verify)
    })
    rows.push([`token, not seen before, ${signer.alg}`, unknown, 'µs of CPU', '80'])
    if (signer.alg !== 'ES256') continue
    const cached = await cheapest(() => cpuOfEach(copiesOf(all[0] ?? '', known), bearer.verify))
    rows.push(['token, known', cached, 'µs of CPU', '1'])
  }
  return rows
}

async function proofRow(): Promise<Cell[]> {
  const pair = newPair('program')
  const [token, address] = ['a token', 'https://plexus.test/graphql']
  const check = createProofCheck({ spent: proofsInMemory(now), now })
  const boundTo = await thumbprintOf(pair)
  const cost = await cheapest(() => {
    const proofs = Array.from({ length: 300 }, () => proofOf({ pair, token, address }))
    return cpuOfEach(proofs, (proof) =>
      check.check({ proof, method: 'POST', address, token, boundTo }),
    )
  })
  return ['proof of possession (DPoP), without the database', cost, 'µs of CPU', '']
}

const signIn = (at: number) => ({
  ...{ personId: Bun.randomUUIDv7(), subject: `subject ${at}`, displayName: 'Ada' },
  ...{ roles: ['CLIENT' as const], acr: '1', providerSid: `sid ${at}` },
  tokens: {
    ...{ accessToken: 'x'.repeat(800), refreshToken: 'y'.repeat(60), idToken: 'z'.repeat(800) },
    accessExpiresAt: Date.now() + 3_600_000,
  },
})

async function sessionRows(): Promise<Cell[][]> {
  const db = await testDatabase()
  const sql = db.connect('gateway')
  const vault = createVault([{ id: 'k1', key: crypto.getRandomValues(new Uint8Array(32)) }])
  const lives = { idleMs: 3_600_000, absoluteMs: 3_600_000, stepUpMs: 900_000 }
  const store = createSessionStore({ ...lives, sql, vault, now })
  const log = createLog({ service: 'gateway', level: 'silent' })
  const cache = cacheSessions({ sql, now, log, load: store.find })
  await cache.start()
  const browser = { device: 'bench', address: '203.0.113.7' }
  const secrets: string[] = []
  for (let at = 0; at < sessions; at += 1)
    secrets.push((await store.open(signIn(at), browser)).secret)
  const waits: number[] = []
  for (const secret of secrets) {
    const start = performance.now()
    await cache.find(secret)
    waits.push(performance.now() - start)
  }
  // As requests come: most of them while the session is remembered.
  const lookups: number[] = []
  for (let round = 0; round < 10; round += 1)
    for (const secret of secrets.slice(0, 200)) {
      const start = performance.now()
      await cache.find(secret)
      lookups.push(performance.now() - start)
    }
  await cache.stop()
  await db.drop()
  const sorted = waits.slice(sessions / 10).sort((one, other) => one - other)
  lookups.sort((one, other) => one - other)
  return [
    ['session, as requests come, p50', shareOf(lookups, 0.5), 'ms', '0.3'],
    ['session, read from PostgreSQL, p50', shareOf(sorted, 0.5), 'ms', ''],
    ['session, read from PostgreSQL, p99', shareOf(sorted, 0.99), 'ms', ''],
  ]
}

/** What it costs to find out who asks. */
export async function identity(): Promise<string> {
  const tokenCosts = [...(await tokenRows()), await signatureRow(), await proofRow()]
  const rows = [...tokenCosts, ...(await sessionRows())]
  return tableOf(['who asks', 'measured', 'unit', 'at most'], rows)
}
