import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { createVault } from '#kit/vault'
import { dataOf } from '../../../stack/testing/subgraph.ts'
import { lettersTo, proofFrom, settled, tokenTo } from './credential.ts'
import { type Graph, letterKey, newGraph, now } from './graph.ts'
import { addAccount, password as strong } from './world.ts'

let graph: Graph
beforeAll(async () => {
  graph = await newGraph()
})
afterAll(() => graph.stop())

const mutation = `mutation ($input: CreateAccountInput!) { createAccount(input: $input) {
  __typename ... on AccountCreated { next } ... on WeakPasswordError { problems entropyBits }
  ... on RateLimitedError { retryAfterSeconds } ... on UserError { code path } } }`

const newEmail = () => `${randomBytes(6).toString('hex')}@example.org`

const proof = () => proofFrom(graph)

const inputOf = async (change: Record<string, unknown> = {}) => ({
  idempotencyKey: crypto.randomUUID(),
  email: newEmail(),
  displayName: 'Ada Moreau',
  password: strong,
  proof: await proof(),
  locale: 'fr',
  ...change,
})

async function ask(input: Record<string, unknown>) {
  const answer = await graph.as(null, mutation, { input })
  return dataOf<{ createAccount: Record<string, unknown> }>(answer).createAccount
}
const created = { __typename: 'AccountCreated', next: 'VERIFY_EMAIL' }

const done = () => settled(graph)

describe('createAccount', () => {
  test('[MS-04] makes an account with a strong password, and a letter to prove the address', async () => {
    const input = await inputOf()
    expect(await ask(input)).toEqual(created)
    await done()
    const [account] = await graph.admin`select * from auth.account where email = ${input.email}`
    expect(account).toMatchObject({ displayName: 'Ada Moreau', roles: ['CLIENT'], locale: 'fr' })
    expect(account?.emailVerifiedAt).toBeNull()
    expect(await Bun.password.verify(strong, account?.passwordHash)).toBe(true)
    const topics = await graph.admin`
      select topic from auth.outbox where entity_id = ${account?.id} order by id`
    expect(topics.map(({ topic }) => topic)).toEqual([
      'auth.account-provisioned',
      'auth.audited',
      'auth.letter-requested',
    ])
    for (const weak of ['short', 'motdepasse123', 'aaaaaaaaaaaaaaaaaa', 'Ada Moreau 12']) {
      expect(await ask(await inputOf({ password: weak }))).toMatchObject({
        __typename: 'WeakPasswordError',
        code: 'WEAK_PASSWORD',
        path: ['password'],
      })
    }
  })

  test('names what is wrong with a password, and how few guesses it takes', async () => {
    expect(await ask(await inputOf({ password: 'password' }))).toMatchObject({
      problems: ['TOO_SHORT', 'COMMON'],
    })
    const weak = await ask(
      await inputOf({ password: 'MargueriteDuras', displayName: 'Marguerite Duras' }),
    )
    expect(weak.problems).toEqual(['PERSONAL'])
    expect(weak.entropyBits).toBeLessThan(33)
  })

  test('an address that is taken is answered as a new one, and its owner is told', async () => {
    const owner = await addAccount(graph.base.connect('auth', { max: 1 }))
    const input = await inputOf({ email: owner.email.toUpperCase(), displayName: 'Eve' })
    expect(await ask(input)).toEqual(created)
    await done()
    expect((await lettersTo(graph, owner.id)).map(({ kind }) => kind)).toEqual(['ACCOUNT_EXISTS'])
    const [account] = await graph.admin`select * from auth.account where email = ${owner.email}`
    expect(account).toMatchObject({ id: owner.id, displayName: 'Ada Moreau' })
  })

  test('nothing that is done before the answer depends on whether the address is taken', async () => {
    const owner = await addAccount(graph.base.connect('auth', { max: 1 }))
    const statementsFor = async (email: string) => {
      const input = await inputOf({ email })
      await done()
      graph.statements.length = 0
      await ask(input)
      const before = [...graph.statements]
      await done()
      const after = graph.statements.slice(before.length).filter((text) => !before.includes(text))
      return { before, after }
    }
    const taken = await statementsFor(owner.email)
    const free = await statementsFor(newEmail())
    expect(taken.before).toEqual(free.before)
    expect(free.before.join()).toContain('account_request')
    // What tells them apart comes later, where nobody waits for it.
    expect(taken.after.join()).not.toEqual(free.after.join())
    expect([...taken.before, ...free.before].join()).not.toMatch(/\bfrom account\b/)
  })

  test('of two who register an unproven address neither gets in by a password that they chose', async () => {
    const email = newEmail()
    const later = 'another set of cold letters'
    await ask(await inputOf({ email, displayName: 'Eve' }))
    await done()
    await ask(await inputOf({ email, password: later }))
    await done()
    const [account] = await graph.admin`select * from auth.account where email = ${email}`
    expect(account?.displayName).toBe('Ada Moreau')
    expect(await Bun.password.verify(strong, account?.passwordHash)).toBe(false)
    expect(await Bun.password.verify(later, account?.passwordHash)).toBe(false)
    // Whoever reads the letters chooses one, whichever of the two they are.
    const kinds = (await lettersTo(graph, account?.id)).map(({ kind }) => kind)
    expect(kinds).toEqual(['VERIFY_EMAIL', 'RESET_PASSWORD'])
    const tokens = await graph.admin`
      select purpose from auth.one_time_token where person_id = ${account?.id}`
    expect(tokens.map(({ purpose }) => purpose)).toEqual(['RESET_PASSWORD'])
  })

  test('the same request twice makes one account, also at the same moment', async () => {
    const input = await inputOf()
    const answers = await Promise.all([ask(input), ask(input), ask(input)])
    await done()
    expect(answers).toContainEqual(created)
    expect(await ask(input)).toEqual(created)
    await done()
    const [row] = await graph.admin`
      select count(*) from auth.outbox
      where topic = 'auth.account-provisioned' and payload ->> 'email' = ${input.email}`
    expect(row?.count).toBe(1)
  })

  test.each([
    ['email', { email: 'nobody' }],
    // RFC 5321, section 4.5.3.1.1: no server takes a longer one, and Keycloak neither.
    ['email', { email: `${'a'.repeat(65)}@example.org` }],
    ['displayName', { displayName: ' ' }],
    ['locale', { locale: 'de' }],
    ['proof', { proof: 'none' }],
  ])('a fault in %s is named by its path', async (path, change) => {
    expect(await ask(await inputOf(change))).toMatchObject({
      __typename: 'ValidationError',
      path: [path],
    })
  })

  test('a proof of work counts once, and one of several at the same moment', async () => {
    const used = await proof()
    const inputs = await Promise.all(Array.from({ length: 5 }, () => inputOf({ proof: used })))
    const answers = await Promise.all(inputs.map(ask))
    const refused = answers.filter(({ __typename }) => __typename === 'ValidationError')
    expect(answers.filter(({ __typename }) => __typename === 'AccountCreated')).toHaveLength(1)
    expect(refused).toHaveLength(4)
    expect(refused[0]).toMatchObject({ path: ['proof'] })
    await done()
  })

  test('a refused proof leaves the key free for a better one', async () => {
    const used = await proof()
    await ask(await inputOf({ proof: used }))
    const input = await inputOf({ proof: used })
    expect(await ask(input)).toMatchObject({ path: ['proof'] })
    expect(await ask({ ...input, proof: await proof() })).toEqual(created)
    await done()
  })

  test('one address is asked for five times an hour, with or without an account', async () => {
    const owner = await addAccount(graph.base.connect('auth', { max: 1 }))
    for (const email of [owner.email, newEmail()]) {
      for (let count = 0; count < 5; count += 1) {
        expect(await ask(await inputOf({ email }))).toEqual(created)
      }
      const refused = await ask(await inputOf({ email }))
      expect(refused).toMatchObject({ __typename: 'RateLimitedError', code: 'RATE_LIMITED' })
      expect(refused.retryAfterSeconds).toBe(3_600)
    }
    await done()
  })
})

describe('verifyEmail', () => {
  const verify = async (token: string) => {
    const query = `mutation ($token: String!) { verifyEmail(token: $token) { __typename
      ... on EmailVerified { at } ... on UserError { code path } } }`
    const answer = await graph.as(null, query, { token })
    return dataOf<{ verifyEmail: Record<string, unknown> }>(answer).verifyEmail
  }

  test('proves the address by the letter’s link, once, and opens the account', async () => {
    const input = await inputOf()
    await ask(input)
    await done()
    const [account] = await graph.admin`select id from auth.account where email = ${input.email}`
    const token = await tokenTo(graph, account?.id, 'VERIFY_EMAIL')
    const answers = await Promise.all([verify(token), verify(token)])
    expect(answers).toContainEqual({ __typename: 'EmailVerified', at: now().toISOString() })
    expect(answers).toContainEqual({
      __typename: 'InvalidTokenError',
      code: 'INVALID_TOKEN',
      path: ['token'],
    })
    const [row] =
      await graph.admin`select email_verified_at from auth.account where id = ${account?.id}`
    expect(row?.emailVerifiedAt).toEqual(now())
  })

  test('of a letter that an earlier registration sent proves nothing', async () => {
    const email = newEmail()
    await ask(await inputOf({ email }))
    await done()
    const [account] = await graph.admin`select id from auth.account where email = ${email}`
    const first = await tokenTo(graph, account?.id, 'VERIFY_EMAIL')
    await ask(await inputOf({ email, password: 'another set of cold letters' }))
    await done()
    expect(await verify(first)).toMatchObject({ code: 'INVALID_TOKEN' })
  })
})

describe('the token of a letter', () => {
  test('lies nowhere in clear, and opens with the keys that only two rooms have', async () => {
    const input = await inputOf()
    await ask(input)
    await done()
    const [account] = await graph.admin`select id from auth.account where email = ${input.email}`
    const token = await tokenTo(graph, account?.id, 'VERIFY_EMAIL')
    expect(token).toMatch(/^[\w-]{43}$/)
    const [letter] = await lettersTo(graph, account?.id)
    const sealed = Buffer.from(letter?.sealedToken ?? '', 'base64url')
    expect(createVault([letterKey]).open(sealed, `letter RESET_PASSWORD ${account?.id}`)).toBeNull()
    for (const table of ['outbox', 'one_time_token', 'account_request', 'idempotency', 'account']) {
      const rows = await graph.admin`select t::text as row from auth.${graph.admin(table)} as t`
      expect(JSON.stringify(rows)).not.toContain(token)
    }
  })
})
