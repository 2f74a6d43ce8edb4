import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { toGlobalId } from '#kit/id'
import type { Viewer } from '#kit/identity-token'
import { dataOf, viewerWith } from '../../../stack/testing/subgraph.ts'
import { lettersTo, proofFrom, settled, tokenTo } from './credential.ts'
import { type Graph, newGraph, now } from './graph.ts'
import { addAccount, password as strong } from './world.ts'

let graph: Graph
beforeAll(async () => {
  graph = await newGraph()
})
afterAll(() => graph.stop())

const next = 'another set of cold letters'
const newAccount = (account: Parameters<typeof addAccount>[1] = {}) =>
  addAccount(graph.base.connect('auth', { max: 1 }), account)
type Account = Awaited<ReturnType<typeof newAccount>>

const hashOf = async (id: string): Promise<string> => {
  const [row] = await graph.admin`select password_hash from auth.account where id = ${id}`
  return row?.passwordHash
}
const auditOf = async (id: string) => {
  const rows = await graph.admin`
    select payload from auth.outbox
    where topic = 'auth.audited' and payload ->> 'entityId' = ${id} order by id`
  return rows.map(({ payload }) => payload)
}

/** A live session of somebody, as the gateway writes it. */
async function session(personId: string) {
  const later = new Date(now().getTime() + 3_600_000)
  const [row] = await graph.admin`
    insert into auth.web_session (id_hash, person_id, subject, roles, tokens, device, ip,
      created_at, last_seen_at, expires_at, absolute_end)
    values (${randomBytes(32)}, ${personId}, ${personId}, ${['CLIENT']}, ${randomBytes(8)}, 'Firefox',
      null, ${now()}, ${now()}, ${later}, ${later})
    returning id`
  return row?.id as string
}
const liveSessions = async (personId: string) => {
  const rows = await graph.admin`
    select id, roles from auth.web_session where person_id = ${personId} and revoked_at is null`
  return rows.map(({ id, roles }) => ({ id, roles }))
}

type Answer = Record<string, unknown>
const ask = async (viewer: Viewer | null, query: string, variables: Record<string, unknown>) => {
  const [answer] = Object.values(
    dataOf<Record<string, Answer>>(await graph.as(viewer, query, variables)),
  )
  return answer ?? {}
}
const authenticate = (input: Answer) =>
  ask(
    null,
    `mutation ($input: AuthenticateInput!) { authenticate(input: $input) { __typename
      ... on Authentication { outcome userId } ... on UserError { code message }
      ... on RateLimitedError { retryAfterSeconds } } }`,
    { input },
  )
const change = (viewer: Viewer, input: Answer) =>
  ask(
    viewer,
    `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { __typename
      ... on PasswordChanged { expiresAt otherSessionsRevoked } ... on WeakPasswordError { problems }
      ... on UserError { code path } } }`,
    { input },
  )
const requestReset = async (email: string, proof?: string) =>
  ask(
    null,
    `mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { __typename
      ... on PasswordResetRequested { linkMinutes } ... on UserError { code path } } }`,
    { input: { email, proof: proof ?? (await proofFrom(graph)) } },
  )
const reset = (token: string, password: string) =>
  ask(
    null,
    `mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { __typename
      ... on PasswordReset { sessionsRevoked } ... on WeakPasswordError { problems }
      ... on UserError { code path } } }`,
    { input: { token, password } },
  )
const verify = (token: string) =>
  ask(
    null,
    'mutation ($token: String!) { verifyEmail(token: $token) { __typename ... on UserError { code } } }',
    { token },
  )

describe('authenticate', () => {
  test('[MS-05] checks an e-mail and a password against the database, and gives nothing else', async () => {
    const { email, id } = await newAccount()
    expect(await authenticate({ email, password: strong })).toEqual({
      __typename: 'Authentication',
      outcome: 'VALID',
      userId: toGlobalId('User', id),
    })
    const refused = [
      await authenticate({ email, password: 'wrong' }),
      await authenticate({ email: 'nobody@example.org', password: strong }),
    ]
    expect(new Set(refused.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(refused[0]).toMatchObject({ __typename: 'InvalidCredentialError' })
    expect(await liveSessions(id)).toEqual([])
    const [stored] = await graph.admin`select count(*) from auth.oidc_payload`
    expect(stored?.count).toBe(0)
  })

  test('locks as the sign-in page does, with or without an account', async () => {
    for (const email of [(await newAccount()).email, 'nobody.too@example.org']) {
      for (let tries = 0; tries < 4; tries += 1) await authenticate({ email, password: 'wrong' })
      const locked = await authenticate({ email, password: 'wrong' })
      expect(locked).toMatchObject({ __typename: 'RateLimitedError', retryAfterSeconds: 30 })
      expect(await authenticate({ email, password: strong })).toEqual(locked)
    }
  })

  test('knows an e-mail by the spelling that its lock knows it by', async () => {
    const { email } = await addAccount(graph.base.connect('auth', { max: 1 }), {
      email: `iris.${randomBytes(4).toString('hex')}@example.org`,
    })
    const upper = { email: ` ${email.toUpperCase()} `, password: strong }
    expect(await authenticate(upper)).toMatchObject({ outcome: 'VALID' })
    // To PostgreSQL it is equal; its failures would be counted apart.
    const odd = { email: email.replace('i', 'İ'), password: strong }
    expect(await authenticate(odd)).toMatchObject({ code: 'INVALID_CREDENTIAL' })
  })

  test('of an address that is not proven, or with a password that is over, says so', async () => {
    const { email, id } = await newAccount()
    await graph.admin`update auth.account set credential_expires_at = ${now()} where id = ${id}`
    const outcome = async () => (await authenticate({ email, password: strong })).outcome
    expect(await outcome()).toBe('PASSWORD_EXPIRED')
    await graph.admin`update auth.account set email_verified_at = null where id = ${id}`
    expect(await outcome()).toBe('EMAIL_UNVERIFIED')
  })
})

describe('a bcrypt hash', () => {
  const legacyOf = (prefix: string, password = strong) =>
    Bun.password
      .hash(password, { algorithm: 'bcrypt', cost: 4 })
      .then((hash) => hash.replace('$2b$', prefix))

  test.each(['$2a$', '$2b$', '$2y$'])(
    '[MS-11] %s signs in with its own password only, and is argon2id from then on',
    async (prefix) => {
      const { email, id } = await newAccount()
      const legacy = await legacyOf(prefix)
      await graph.admin`update auth.account set password_hash = ${legacy} where id = ${id}`
      expect(await authenticate({ email, password: 'wrong' })).toMatchObject({
        code: 'INVALID_CREDENTIAL',
      })
      expect(await hashOf(id)).toBe(legacy)
      expect(await authenticate({ email, password: strong })).toMatchObject({ outcome: 'VALID' })
      expect(await hashOf(id)).toStartWith('$argon2id$v=19$m=19456,t=2,p=1$')
      expect(await authenticate({ email, password: strong })).toMatchObject({ outcome: 'VALID' })
      expect(await authenticate({ email, password: 'wrong' })).toMatchObject({
        code: 'INVALID_CREDENTIAL',
      })
    },
  )

  test('of a long password counts 72 bytes, as whoever made it did', async () => {
    const { email, id } = await newAccount()
    const long = 'correct horse battery staple '.repeat(4)
    const legacy = await legacyOf('$2b$', long.slice(0, 72))
    await graph.admin`update auth.account set password_hash = ${legacy} where id = ${id}`
    expect(await authenticate({ email, password: long })).toMatchObject({ outcome: 'VALID' })
    expect(await authenticate({ email, password: long })).toMatchObject({ outcome: 'VALID' })
  })

  test('costs whoever fails the same work, whatever hash they have or none', async () => {
    const cost = 10
    const brought = await newAccount()
    const legacy = await Bun.password.hash(strong, { algorithm: 'bcrypt', cost })
    await graph.admin`update auth.account set password_hash = ${legacy} where id = ${brought.id}`
    const workOf = async (emails: readonly string[]) => {
      const before = process.cpuUsage()
      for (const email of emails) await authenticate({ email, password: 'wrong' })
      const { user, system } = process.cpuUsage(before)
      return (user + system) / emails.length
    }
    await workOf(['warm-up@example.org'])
    const own = await newAccount()
    const works = [
      await workOf([brought.email, brought.email, brought.email]),
      await workOf([own.email, own.email, own.email]),
      await workOf(['a@example.net', 'b@example.net', 'c@example.net']),
    ]
    expect(Math.min(...works)).toBeGreaterThan(Math.max(...works) * 0.5)
    await graph.admin`delete from auth.account where id = ${brought.id}`
  })
})

describe('changePassword', () => {
  let account: Account
  let viewer: Viewer
  beforeEach(async () => {
    account = await newAccount()
    viewer = { ...viewerWith(['CLIENT']), id: account.id, sessionId: await session(account.id) }
  })

  test('replaces the password, ends the other sessions, writes a letter and an entry', async () => {
    await session(account.id)
    await session(account.id)
    expect(await change(viewer, { current: strong, next })).toEqual({
      __typename: 'PasswordChanged',
      expiresAt: null,
      otherSessionsRevoked: 2,
    })
    expect((await liveSessions(account.id)).map(({ id }) => id)).toEqual([viewer.sessionId])
    expect(await authenticate({ email: account.email, password: next })).toMatchObject({
      outcome: 'VALID',
    })
    expect((await lettersTo(graph, account.id)).map(({ kind }) => kind)).toEqual([
      'PASSWORD_CHANGED',
    ])
    expect(await auditOf(account.id)).toMatchObject([
      { action: 'auth.password-changed', actorId: account.id, detail: { sessionsRevoked: 2 } },
    ])
  })

  test('asks for the current one, and counts tries as the sign-in page does', async () => {
    for (let tries = 0; tries < 4; tries += 1) {
      expect(await change(viewer, { current: 'wrong', next })).toMatchObject({
        __typename: 'InvalidCredentialError',
        path: ['current'],
      })
    }
    expect(await change(viewer, { current: 'wrong', next })).toMatchObject({ code: 'RATE_LIMITED' })
    expect(await change(viewer, { current: strong, next })).toMatchObject({ code: 'RATE_LIMITED' })
    expect(await Bun.password.verify(strong, await hashOf(account.id))).toBe(true)
  })

  test.each([
    ['TOO_SHORT', 'gtk wov xqz'],
    ['UNCHANGED', strong],
    ['PERSONAL', 'Ada Moreau 99'],
  ])('refuses a new one that is %s', async (problem, weak) => {
    const answer = await change(viewer, { current: strong, next: weak })
    expect(answer).toMatchObject({ __typename: 'WeakPasswordError', path: ['next'] })
    expect(answer.problems).toContain(problem)
  })

  test('of two changes at one moment keeps the first: the password of the other is over', async () => {
    const answers = await Promise.all(
      [next, `${next} again`].map((words) => change(viewer, { current: strong, next: words })),
    )
    expect(answers.map(({ __typename }) => __typename).sort()).toEqual([
      'InvalidCredentialError',
      'PasswordChanged',
    ])
  })

  test('is nobody else’s: not an impersonator’s, not a program’s, not anonymous', async () => {
    const query = `mutation { changePassword(input: { current: "a", next: "b" }) { __typename } }`
    const codeFor = async (asker: Viewer | null) =>
      (await graph.as(asker, query)).body.errors?.[0]?.extensions.code
    expect(await codeFor({ ...viewer, actor: crypto.randomUUID() })).toBe('FORBIDDEN')
    expect(await codeFor({ ...viewer, scopes: new Set(['bookings:read']) })).toBe('FORBIDDEN')
    expect(await codeFor(null)).toBe('UNAUTHENTICATED')
  })

  test('of somebody who has no account here leads to their provider', async () => {
    const stranger = viewerWith(['CLIENT'])
    expect(await change(stranger, { current: strong, next })).toMatchObject({
      __typename: 'ManagedByProviderError',
    })
  })
})

describe('a forgotten password', () => {
  test('is asked for alike with and without an account, by the same statements', async () => {
    const { email, id } = await newAccount()
    const statementsFor = async (address: string) => {
      const proof = await proofFrom(graph)
      graph.statements.length = 0
      const answer = await requestReset(address, proof)
      const before = [...graph.statements]
      await settled(graph)
      return { answer, before }
    }
    const taken = await statementsFor(email)
    const free = await statementsFor('nobody.at.all@example.org')
    expect(taken.answer).toEqual({ __typename: 'PasswordResetRequested', linkMinutes: 60 })
    expect(free).toEqual(taken)
    expect((await lettersTo(graph, id)).map(({ kind }) => kind)).toEqual(['RESET_PASSWORD'])
  })

  test('is replaced once by the link, which ends every session and the lock', async () => {
    const { email, id } = await newAccount()
    await session(id)
    for (let tries = 0; tries < 5; tries += 1) await authenticate({ email, password: 'wrong' })
    await requestReset(email)
    await requestReset(email)
    await settled(graph)
    const token = await tokenTo(graph, id, 'RESET_PASSWORD')
    expect(await reset(token, 'short')).toMatchObject({ __typename: 'WeakPasswordError' })
    const answers = await Promise.all([reset(token, next), reset(token, next)])
    expect(answers.map(({ __typename }) => __typename).sort()).toEqual([
      'InvalidTokenError',
      'PasswordReset',
    ])
    expect(answers).toContainEqual({ __typename: 'PasswordReset', sessionsRevoked: 1 })
    expect(await liveSessions(id)).toEqual([])
    expect(await authenticate({ email, password: next })).toMatchObject({ outcome: 'VALID' })
    // The other link that was sent leads nowhere any more.
    const [left] =
      await graph.admin`select count(*) from auth.one_time_token where person_id = ${id}`
    expect(left?.count).toBe(0)
    expect(await reset(token, 'a third set of lukewarm words')).toMatchObject({
      code: 'INVALID_TOKEN',
    })
    expect((await auditOf(id)).map(({ action }) => action)).toContain('auth.password-reset')
    expect((await lettersTo(graph, id)).at(-1)?.kind).toBe('PASSWORD_CHANGED')
  })

  test('stays with a link that is over, that is for something else, or of a disabled account', async () => {
    const { email, id } = await newAccount()
    await requestReset(email)
    await settled(graph)
    const token = await tokenTo(graph, id, 'RESET_PASSWORD')
    expect(await verify(token)).toMatchObject({ code: 'INVALID_TOKEN' })
    await graph.admin`update auth.account set disabled_at = now() where id = ${id}`
    expect(await reset(token, next)).toMatchObject({ code: 'INVALID_TOKEN' })
    await graph.admin`update auth.account set disabled_at = null where id = ${id}`
    await graph.admin`update auth.one_time_token set expires_at = ${now()} where person_id = ${id}`
    expect(await reset(token, next)).toMatchObject({ code: 'INVALID_TOKEN' })
    for (const odd of ['', 'x', '\0'.repeat(43), 'A'.repeat(43), 'A'.repeat(5_000)]) {
      expect(await reset(odd, next)).toMatchObject({ code: 'INVALID_TOKEN' })
    }
  })

  test('costs a proof of work each time, and five letters an hour at most', async () => {
    const { email } = await newAccount()
    const proof = await proofFrom(graph)
    await requestReset(email, proof)
    expect(await requestReset(email, proof)).toMatchObject({ code: 'VALIDATION', path: ['proof'] })
    for (let count = 1; count < 5; count += 1) await requestReset(email)
    expect(await requestReset(email)).toMatchObject({ code: 'RATE_LIMITED' })
    expect(await requestReset('nonsense')).toMatchObject({ path: ['email'] })
  })
})

describe('accounts of others', () => {
  const administrator = { ...viewerWith(['ADMIN']), acr: '2' }
  const answer = `{ __typename ... on AccountChanged { user { id roles disabledAt } disabledAt sessionsRevoked }
    ... on UserError { code path } }`
  const reason = 'asked by their company'
  const setRoles = (viewer: Viewer, input: Answer) =>
    ask(
      viewer,
      `mutation ($input: SetAccountRolesInput!) { setAccountRoles(input: $input) ${answer} }`,
      {
        input: { reason, ...input },
      },
    )
  const act = (name: string, viewer: Viewer, input: Answer) =>
    ask(viewer, `mutation ($input: AccountReasonInput!) { ${name}(input: $input) ${answer} }`, {
      input: { reason, ...input },
    })

  test('get other roles, also in their live sessions, with the reason in the audit', async () => {
    const { id } = await newAccount()
    await session(id)
    const userId = toGlobalId('User', id)
    expect(await setRoles(administrator, { userId, roles: ['COACH', 'COACH'] })).toEqual({
      __typename: 'AccountChanged',
      user: { id: userId, roles: ['COACH'], disabledAt: null },
      disabledAt: null,
      sessionsRevoked: 0,
    })
    expect(await liveSessions(id)).toMatchObject([{ roles: ['COACH'] }])
    expect(await auditOf(id)).toMatchObject([
      {
        action: 'auth.roles-changed',
        actorId: administrator.id,
        detail: { from: ['CLIENT', 'COMPANY_ADMIN'], to: ['COACH'], reason },
      },
    ])
  })

  test('are disabled with their sessions, and enabled again', async () => {
    const { id, email } = await newAccount()
    await session(id)
    const userId = toGlobalId('User', id)
    expect(await act('disableAccount', administrator, { userId })).toMatchObject({
      user: { id: userId, disabledAt: now().toISOString() },
      disabledAt: now().toISOString(),
      sessionsRevoked: 1,
    })
    expect(await liveSessions(id)).toEqual([])
    const refused = await authenticate({ email, password: strong })
    expect(refused).toMatchObject({ code: 'INVALID_CREDENTIAL' })
    expect(await act('enableAccount', administrator, { userId })).toMatchObject({
      disabledAt: null,
    })
    expect(await authenticate({ email, password: strong })).toMatchObject({ outcome: 'VALID' })
    expect((await auditOf(id)).map(({ action }) => action)).toEqual([
      'auth.account-disabled',
      'auth.account-enabled',
    ])
  })

  test('never close each other: of two administrators one stays', async () => {
    for (let round = 0; round < 4; round += 1) {
      const [one, two] = [
        await newAccount({ roles: ['ADMIN'] }),
        await newAccount({ roles: ['ADMIN'] }),
      ]
      const by = (id: string) => ({ ...administrator, id })
      const mutation = `mutation ($input: AccountReasonInput!) { disableAccount(input: $input) { __typename } }`
      await Promise.all([
        graph.as(by(one.id), mutation, { input: { userId: toGlobalId('User', two.id), reason } }),
        graph.as(by(two.id), mutation, { input: { userId: toGlobalId('User', one.id), reason } }),
      ])
      const open = await graph.admin`
        select 1 from auth.account where id in (${one.id}, ${two.id}) and disabled_at is null`
      expect(open).toHaveLength(1)
    }
  })

  test('stay as they are for an administrator who was one until a moment ago', async () => {
    const { id } = await newAccount()
    const former = await newAccount({ roles: ['CLIENT'] })
    const mutation = `mutation ($input: SetAccountRolesInput!) { setAccountRoles(input: $input) { __typename } }`
    const input = { userId: toGlobalId('User', id), roles: ['ADMIN'], reason }
    const { body } = await graph.as({ ...administrator, id: former.id }, mutation, { input })
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    expect(await auditOf(id)).toEqual([])
  })

  test('take a second factor, a reason, and somebody else’s account', async () => {
    const { id } = await newAccount()
    const userId = toGlobalId('User', id)
    const mutation = `mutation ($input: AccountReasonInput!) { disableAccount(input: $input) ${answer} }`
    for (const viewer of [
      { ...administrator, acr: '1' },
      { ...viewerWith(['SUPPORT']), acr: '2' },
      { ...administrator, actor: crypto.randomUUID() },
    ]) {
      const { body } = await graph.as(viewer, mutation, { input: { userId, reason } })
      expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    }
    expect(await act('disableAccount', administrator, { userId, reason: ' ' })).toMatchObject({
      path: ['reason'],
    })
    const own = toGlobalId('User', administrator.id)
    expect(await act('disableAccount', administrator, { userId: own })).toMatchObject({
      code: 'FORBIDDEN',
    })
    expect(await setRoles(administrator, { userId, roles: [] })).toMatchObject({ path: ['roles'] })
    const nobody = toGlobalId('User', crypto.randomUUID())
    expect(await act('disableAccount', administrator, { userId: nobody })).toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await auditOf(id)).toEqual([])
  })
})
