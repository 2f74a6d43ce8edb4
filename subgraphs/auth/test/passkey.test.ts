import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Authenticator, newAuthenticator, type Quirks } from './authenticator.ts'
import {
  codeOf,
  type FactorGraph,
  mutate,
  newFactorGraph,
  newPerson,
  type Person,
  refusal,
  relyingParty,
  securityOf,
  sessionOf,
  steppedUp,
  withTotp,
} from './factors.ts'
import { password } from './world.ts'

let graph: FactorGraph
beforeAll(async () => {
  graph = await newFactorGraph()
})
afterAll(() => graph.stop())

type Viewer = Person['viewer']

const begin = async (viewer: Viewer) =>
  (await mutate(graph, viewer, 'startPasskeyRegistration')).options
const finish = (viewer: Viewer, response: string, label = 'Blue key') =>
  mutate(graph, viewer, 'finishPasskeyRegistration', { label, response })

async function register(viewer: Viewer, key: Authenticator, label?: string) {
  return finish(viewer, key.register(await begin(viewer)), label)
}

const ask = async (viewer: Viewer) =>
  (await mutate(graph, viewer, 'startPasskeyVerification')).options
const answer = (viewer: Viewer, response: string) =>
  mutate(graph, viewer, 'finishPasskeyVerification', { response })

async function withPasskey() {
  const ada = await newPerson(graph)
  const key = newAuthenticator()
  const added = await register(ada.viewer, key)
  return { ...ada, key, added }
}

describe('registering a passkey', () => {
  test('the first one comes with ten recovery codes, and is listed by its name', async () => {
    const { viewer, added, id } = await withPasskey()
    expect(added).toMatchObject({ __typename: 'PasskeyAdded', passkey: { label: 'Blue key' } })
    expect(added.recoveryCodes).toHaveLength(10)
    expect(await securityOf(graph, viewer)).toMatchObject({
      passkeys: [{ label: 'Blue key', lastUsedAt: null }],
      recoveryCodesLeft: 10,
    })
    const told = await graph.admin`
      select payload from auth.outbox where entity_id = ${id} and topic = 'auth.letter-requested'`
    expect(told[0]?.payload).toMatchObject({ personId: id, kind: 'PASSKEY_ADDED' })
  })

  test('asks for one that knows its holder, and names those that are there', async () => {
    const { viewer, key } = await withPasskey()
    const options = JSON.parse(await begin(steppedUp(viewer)))
    expect(options).toMatchObject({
      rp: { id: 'localhost', name: 'Plexus' },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      excludeCredentials: [{ id: key.id.toString('base64url') }],
    })
  })

  const wrong: [string, Quirks][] = [
    ['another site', { origin: 'https://evil.example' }],
    ['a page below another port of ours that is not ours', { origin: 'http://localhost:4444' }],
    ['another domain', { rpId: 'evil.example' }],
    ['an authenticator that did not look who holds it', { isVerified: false }],
    ['another challenge', { challenge: 'AAAA' }],
    ['an answer of another kind', { type: 'webauthn.get' }],
    ['an attestation that would have us fetch something', { format: 'fido-u2f' }],
  ]
  test.each(wrong)('refuses %s', async (_, quirks) => {
    const { viewer } = await newPerson(graph)
    const key = newAuthenticator()
    const refused = await finish(viewer, key.register(await begin(viewer), quirks))
    expect(refused).toMatchObject({ __typename: 'ValidationError' })
    // The unprotected twin: the same without the fault is taken.
    expect((await register(viewer, key)).__typename).toBe('PasskeyAdded')
  })

  test('works on every page of ours', async () => {
    for (const origin of relyingParty.origins) {
      const { viewer } = await newPerson(graph)
      const added = await register(viewer, newAuthenticator(origin))
      expect(added.__typename).toBe('PasskeyAdded')
    }
  })

  test('a challenge counts once, for its session, and for five minutes', async () => {
    const ada = await newPerson(graph)
    const other = { ...ada.viewer, sessionId: await sessionOf(graph, ada.id) }
    const [key, options] = [newAuthenticator(), await begin(ada.viewer)]
    expect((await finish(other, key.register(options))).__typename).toBe('ValidationError')
    const both = await Promise.all([1, 2].map(() => finish(ada.viewer, key.register(options))))
    expect(both.map(({ __typename }) => __typename).sort()).toEqual([
      'PasskeyAdded',
      'ValidationError',
    ])
    const late = await newPerson(graph)
    const waiting = await begin(late.viewer)
    graph.later(301)
    const refused = await finish(late.viewer, newAuthenticator().register(waiting))
    expect(refused.__typename).toBe('ValidationError')
  })

  test('a passkey is one person’s', async () => {
    const { key } = await withPasskey()
    const eve = await newPerson(graph)
    expect((await register(eve.viewer, key)).__typename).toBe('ConflictError')
  })

  test('another one beside a factor takes level 2, also when the factor came meanwhile', async () => {
    const ada = await withPasskey()
    expect(await mutate(graph, ada.viewer, 'startPasskeyRegistration', { password })).toMatchObject(
      {
        __typename: 'ForbiddenError',
        path: null,
      },
    )
    const second = await register(steppedUp(ada.viewer), newAuthenticator(), 'Phone')
    expect(second).toMatchObject({ __typename: 'PasskeyAdded', recoveryCodes: null })
    const eve = await newPerson(graph)
    const options = await begin(eve.viewer)
    await withTotp(graph, eve)
    const late = await finish(eve.viewer, newAuthenticator().register(options))
    expect(late.__typename).toBe('ForbiddenError')
  })

  test('a first one takes a recent sign-in or the password', async () => {
    const { viewer } = await newPerson(graph, { minutesAgo: 16 })
    const start = (given?: string) =>
      mutate(graph, viewer, 'startPasskeyRegistration', { password: given })
    expect((await start()).__typename).toBe('ForbiddenError')
    expect((await start(password)).__typename).toBe('PasskeyChallenge')
  })

  test.each([[''], ['  '], ['x'.repeat(81)], ['a\u0000b'], ['a\u202eb']])(
    'is named so that it can be shown: %p is refused',
    async (label) => {
      const { viewer } = await newPerson(graph)
      const refused = await finish(viewer, newAuthenticator().register(await begin(viewer)), label)
      expect(refused).toMatchObject({ __typename: 'ValidationError', path: ['label'] })
    },
  )

  test.each([['{}'], ['null'], ['not json'], ['{"id":"a"}'], ['x'.repeat(20_000)]])(
    'what is no answer of a browser is refused: %p',
    async (response) => {
      const { viewer } = await newPerson(graph)
      await begin(viewer)
      expect((await finish(viewer, response)).__typename).toBe('ValidationError')
    },
  )
})

describe('raising the level by a passkey', () => {
  const acrOf = async ({ viewer }: Person) => {
    const [row] = await graph.admin<{ acr: string }[]>`
      select acr from auth.web_session where id = ${viewer.sessionId}`
    return row?.acr
  }

  test('works, and says when it was used last', async () => {
    const ada = await withPasskey()
    const raised = await answer(ada.viewer, ada.key.assert(await ask(ada.viewer)))
    expect(raised).toEqual({ __typename: 'PasskeyVerified', acr: '2' } as never)
    expect(await acrOf(ada)).toBe('2')
    const security = await securityOf(graph, ada.viewer)
    expect(security?.passkeys).toMatchObject([{ lastUsedAt: graph.clock.at.toISOString() }])
  })

  const wrong: [string, Quirks][] = [
    ['another site', { origin: 'https://evil.example' }],
    ['another domain', { rpId: 'evil.example' }],
    ['an authenticator that did not look who holds it', { isVerified: false }],
    ['another challenge', { challenge: 'AAAA' }],
    ['a counter that stands still', { counter: 1 }],
  ]
  test.each(wrong)('refuses %s', async (_, quirks) => {
    const ada = await withPasskey()
    const refused = await answer(ada.viewer, ada.key.assert(await ask(ada.viewer), quirks))
    expect(refused.__typename).toBe('ValidationError')
    expect(await acrOf(ada)).toBe('1')
    // The unprotected twin: the same without the fault raises it.
    const raised = await answer(ada.viewer, ada.key.assert(await ask(ada.viewer)))
    expect(raised.__typename).toBe('PasskeyVerified')
  })

  test('refuses somebody else’s passkey', async () => {
    const [ada, eve] = [await withPasskey(), await withPasskey()]
    const refused = await answer(eve.viewer, ada.key.assert(await ask(eve.viewer)))
    expect(refused.__typename).toBe('ValidationError')
    expect(await acrOf(eve)).toBe('1')
  })

  test('an answer counts once, even when it is sent twice at the same moment', async () => {
    const ada = await withPasskey()
    const response = ada.key.assert(await ask(ada.viewer))
    const both = await Promise.all([answer(ada.viewer, response), answer(ada.viewer, response)])
    expect(both.map(({ __typename }) => __typename).sort()).toEqual([
      'PasskeyVerified',
      'ValidationError',
    ])
  })

  test('keys that do not count are taken every time', async () => {
    const { viewer } = await newPerson(graph)
    const key = newAuthenticator()
    await finish(viewer, key.register(await begin(viewer), { counter: 0 }))
    for (const _ of [1, 2]) {
      const raised = await answer(viewer, key.assert(await ask(viewer), { counter: 0 }))
      expect(raised.__typename).toBe('PasskeyVerified')
    }
  })

  test('is not locked by wrong codes: nobody keeps an owner out by guessing', async () => {
    const ada = await withPasskey()
    for (const _ of Array(6)) {
      await mutate(graph, ada.viewer, 'useRecoveryCode', { code: 'wrong' })
    }
    const raised = await answer(ada.viewer, ada.key.assert(await ask(ada.viewer)))
    expect(raised.__typename).toBe('PasskeyVerified')
  })

  test('somebody without a passkey, and a program without a session, are told so', async () => {
    const { viewer } = await newPerson(graph)
    const none = await mutate(graph, viewer, 'startPasskeyVerification')
    expect(none.__typename).toBe('ConflictError')
    const program = { ...viewer, sessionId: null }
    expect(await refusal(graph, program, 'startPasskeyVerification')).toBe('FORBIDDEN')
  })
})

describe('removing a passkey', () => {
  const remove = (viewer: Viewer, id: string) => mutate(graph, viewer, 'removePasskey', { id })

  test('takes level 2, and the last factor takes its recovery codes along', async () => {
    const ada = await withPasskey()
    const { id } = ada.added.passkey
    expect(await refusal(graph, ada.viewer, 'removePasskey', { id })).toBe('FORBIDDEN')
    const raised = steppedUp(ada.viewer)
    expect(await remove(raised, id)).toMatchObject({ __typename: 'PasskeyRemoved', id })
    expect((await remove(raised, id)).__typename).toBe('NotFoundError')
    expect(await securityOf(graph, ada.viewer)).toMatchObject({
      passkeys: [],
      recoveryCodesLeft: 0,
    })
  })

  test('recovery codes stay while an app is there', async () => {
    const ada = await withPasskey()
    const raised = steppedUp(ada.viewer)
    const { secret } = await mutate(graph, raised, 'enrolTotp')
    const confirmed = await mutate(graph, raised, 'verifyTotp', { code: codeOf(secret, graph) })
    expect(confirmed).toMatchObject({ __typename: 'TotpVerified', recoveryCodes: null })
    await remove(raised, ada.added.passkey.id)
    expect(await securityOf(graph, ada.viewer)).toMatchObject({
      totpEnabled: true,
      passkeys: [],
      recoveryCodesLeft: 10,
    })
  })

  test('a stranger’s is not found', async () => {
    const [ada, eve] = [await withPasskey(), await newPerson(graph)]
    const refused = await remove(steppedUp(eve.viewer), ada.added.passkey.id)
    expect(refused.__typename).toBe('NotFoundError')
    expect(await securityOf(graph, ada.viewer)).toMatchObject({ passkeys: [{ label: 'Blue key' }] })
  })
})
