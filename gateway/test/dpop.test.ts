import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { createProofCheck } from '../identity/dpop.ts'
import { proofsIn, proofsInMemory } from '../identity/proof-store.ts'
import { newPair, type Pair, proofOf, thumbprintOf } from './attacks/tokens/forge.ts'
import { edgeConfig, publicOrigin, startEdge, type TestEdge } from './edge-harness.ts'
import { startProvider, type TestProvider } from './provider.ts'

let provider: TestProvider
let db: TestDatabase
let edge: TestEdge
let asksForNonce: TestEdge
beforeAll(async () => {
  provider = await startProvider()
  db = await testDatabase()
  const sql = db.connect('gateway')
  const { issuer } = provider
  edge = await startEdge({ issuer, sql })
  const config = { provider: { ...edgeConfig(issuer).provider, dpopNonce: true } }
  asksForNonce = await startEdge({ issuer, sql, config })
})
afterAll(async () => {
  await Promise.all([edge.stop(), asksForNonce.stop()])
  await db.drop()
  provider.stop()
})

const address = `${publicOrigin}/graphql`
const pair = newPair('program')
const boundTo = async (owner: Pair) =>
  provider.accessToken({ cnf: { jkt: await thumbprintOf(owner) } })

type Sent = {
  scheme?: string
  method?: string
  query?: string
  accept?: string
  claims?: Record<string, unknown>
  to?: TestEdge
}

async function ask(token: string, { scheme = 'DPoP', method = 'POST', ...sent }: Sent = {}) {
  const { query = '', accept = 'application/json', claims = {}, to = edge } = sent
  const dpop = proofOf({ pair, token, address, method, claims })
  const headers = {
    ...{ authorization: `${scheme} ${token}`, dpop, accept },
    ...(method === 'POST' && { 'content-type': 'application/json' }),
  }
  const body = method === 'POST' ? { body: '{}' } : {}
  return to.fetch(new Request(address + query, { method, headers, ...body }))
}

describe('a token that is bound to a key', () => {
  test.each([
    ['by POST', {}],
    ['by GET, whose query is no part of the proof', { method: 'GET', query: '?query=%7Bhello%7D' }],
    ['for a stream of events', { accept: 'text/event-stream' }],
    ['whose scheme is in other letters', { scheme: 'dpop' }],
    [
      'with an address in another spelling',
      { claims: { htu: 'HTTPS://PLEXUS.test:443/graphql?a#b' } },
    ],
  ])('is good with a proof of the request: %s', async (_, sent) => {
    const answer = await ask(await boundTo(pair), sent)
    expect(await answer.json()).toMatchObject({ credential: 'bearer', id: provider.person.sub })
  })

  test('is good again and again, each time with a new proof', async () => {
    const token = await boundTo(pair)
    for (let count = 0; count < 3; count += 1) expect((await ask(token)).status).toBe(200)
  })

  test('is refused without one, and the answer says what is wanted', async () => {
    const token = await boundTo(pair)
    const headers = { authorization: `Bearer ${token}` }
    const answer = await edge.fetch(new Request(address, { headers }))
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe(
      'DPoP realm="plexus", error="invalid_dpop_proof", algs="RS256 PS256 ES256 EdDSA"',
    )
  })

  test('is refused when it is bound in a way that nobody here can check', async () => {
    const cnf = { 'x5t#S256': createHash('sha256').update('certificate').digest('base64url') }
    const headers = { authorization: `Bearer ${await provider.accessToken({ cnf })}` }
    expect((await edge.fetch(new Request(address, { headers }))).status).toBe(401)
  })

  test('a bad token is said to be one, in the words of its scheme', async () => {
    const answer = await ask(await provider.accessToken({ aud: 'other' }))
    expect(answer.headers.get('www-authenticate')).toStartWith(
      'DPoP realm="plexus", error="invalid_token"',
    )
  })
})

describe('a proof', () => {
  test('works once, of many at the same moment and over all instances', async () => {
    const token = await boundTo(pair)
    const dpop = proofOf({ pair, token, address, method: 'GET' })
    const other = await startEdge({ issuer: provider.issuer, sql: db.connect('gateway') })
    const send = (to: TestEdge) =>
      to.fetch(new Request(address, { headers: { authorization: `DPoP ${token}`, dpop } }))
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => send(at % 2 ? edge : other)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(19)
    await other.stop()
  })

  test('with an id of another key is not the same', async () => {
    const token = await boundTo(pair)
    const jti = crypto.randomUUID()
    expect((await ask(token, { claims: { jti } })).status).toBe(200)
    const other = newPair('other')
    const otherToken = await boundTo(other)
    const dpop = proofOf({
      pair: other,
      token: otherToken,
      address,
      method: 'GET',
      claims: { jti },
    })
    const headers = { authorization: `DPoP ${otherToken}`, dpop }
    expect((await edge.fetch(new Request(address, { headers }))).status).toBe(200)
  })

  test.each([
    ['no id', { jti: undefined }],
    ['an id of 300 characters', { jti: 'x'.repeat(300) }],
    ['no time', { iat: undefined }],
    ['a time that is a text', { iat: 'now' }],
    ['no address', { htu: undefined }],
    ['an address that is none', { htu: 'graphql' }],
  ])('with %s is refused', async (_, claims) => {
    expect((await ask(await boundTo(pair), { claims })).status).toBe(401)
  })

  test('while nobody can say whether it was used is neither believed nor called bad', async () => {
    const away = db.connect('gateway')
    const blind = await startEdge({ issuer: provider.issuer, sql: away })
    await away.end({ timeout: 0 })
    const answer = await ask(await boundTo(pair), { to: blind })
    expect(answer.status).toBe(503)
    await blind.stop()
  })
})

test('where nonces are asked for, the answer brings the one to try again with', async () => {
  const token = await boundTo(pair)
  const refused = await ask(token, { to: asksForNonce })
  expect(refused.status).toBe(401)
  expect(refused.headers.get('www-authenticate')).toContain('error="use_dpop_nonce"')
  const nonce = refused.headers.get('dpop-nonce')
  const answer = await ask(token, { to: asksForNonce, claims: { nonce } })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('dpop-nonce')).toBe(nonce)
})

describe.each(['in the database', 'in memory'])('what was used, %s', (where) => {
  test('is forgotten when nobody would accept it any more', async () => {
    let time = new Date()
    const now = () => time
    const spent = where === 'in memory' ? proofsInMemory(now) : proofsIn(db.connect('gateway'), now)
    const proof = (id: string) => ({
      thumbprint: where,
      id,
      until: new Date(time.getTime() + 1_000),
    })
    expect([await spent.spend(proof('a')), await spent.spend(proof('a'))]).toEqual([true, false])
    time = new Date(time.getTime() + 2_000)
    expect(await spent.spend(proof('b'))).toBe(true)
    expect(await spent.spend(proof('a'))).toBe(true)
    const [row] = await db.connectAdmin()<{ count: number }[]>`
      select count(*)::int from gateway.proof where expires_at < ${time}`
    expect(row?.count).toBe(0)
  })
})

test('a proof that is too long is not even read', async () => {
  const check = createProofCheck({ spent: proofsInMemory(() => new Date()), now: () => new Date() })
  const token = 'a token'
  const proof = proofOf({ pair, token, address, claims: { padding: 'x'.repeat(9_000) } })
  const request = { proof, method: 'POST', address, token, boundTo: await thumbprintOf(pair) }
  await expect(check.check(request)).rejects.toThrow('proof of possession')
})
