import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { type Caller, setups, startHarness } from './harness.ts'

const member: Caller = { scopes: ['self', 'mail'] }

describe.each(setups)('%s', (_, setup) => {
  const graph = startHarness(setup)
  const unprotected = startHarness({ ...setup, rules: new Map() })
  afterAll(() => Promise.all([graph.stop(), unprotected.stop()]))
  beforeEach(() => {
    graph.asked.length = 0
    unprotected.asked.length = 0
  })

  /** The answer, and the paths of what was denied. Any other error fails the test. */
  async function ask(query: string, caller: Caller = {}, variables?: Record<string, unknown>) {
    const { data, errors = [], status, text } = await graph.ask(query, caller, variables)
    for (const { message, extensions } of errors) {
      expect(message).toBe('Unauthorized field or type')
      expect(extensions.code).toBe('UNAUTHORIZED_FIELD_OR_TYPE')
    }
    expect(text).not.toContain('__denied')
    return { data, status, denied: errors.map(({ path }) => path?.join('.')) }
  }

  const sent = () => graph.asked.map(({ query }) => query).join('\n')

  test('a denied field is null, its neighbours answer, and its subgraph never hears of it', async () => {
    const { data, denied, status } = await ask('{ me { name email label } }')
    expect(status).toBe(200)
    expect(data).toEqual({ me: { name: 'Ada', email: null, label: 'person Ada' } })
    expect(denied).toEqual(['me.email'])
    expect(sent()).not.toContain('email')
  })

  test('the same question reaches the subgraph when nothing enforces the rules', async () => {
    const { data, errors } = await unprotected.ask(
      '{ secret me { email birthday badge } plan { title } }',
    )
    expect(errors).toBeUndefined()
    expect(data).toEqual({
      secret: 'secret',
      me: { email: 'Ada@example.org', birthday: '1815-12-10', badge: 'gold' },
      plan: { title: 'Plan A' },
    })
  })

  test('when everything at the root is denied, no subgraph is asked', async () => {
    const { data, denied } = await ask('{ secret plan { title } level }')
    expect(data).toEqual({ secret: null, plan: null, level: null })
    expect(denied).toEqual(['secret', 'plan', 'level'])
    const { data: none, status } = await ask('{ mustHaveSecret }')
    expect([none, status]).toEqual([null, 403])
    expect((await ask('mutation { rename(name: "x") { name } }')).data).toEqual({ rename: null })
    expect(graph.asked).toEqual([])
  })

  test.each([
    [['people:read'], true],
    [['self', 'mail'], true],
    [['self'], false],
    [['mail'], false],
    [[], false],
  ])('of several sets of scopes one must be held whole: %p', async (scopes, isAllowed) => {
    const { data } = await ask('{ me { email } }', { scopes })
    expect(data).toEqual({ me: { email: isAllowed ? 'Ada@example.org' : null } })
  })

  test('a policy that nobody decides is denied, whatever the scopes', async () => {
    const { data, denied } = await ask('{ me { badge } }', { scopes: ['vip', 'people:read'] })
    expect(data).toEqual({ me: { badge: null } })
    expect(denied).toEqual(['me.badge'])
  })

  test('two callers with the same document get each their own answer', async () => {
    const query = '{ me { name birthday } }'
    expect((await ask(query)).data).toEqual({ me: null })
    expect((await ask(query, member)).data).toEqual({ me: { name: 'Ada', birthday: '1815-12-10' } })
    expect((await ask(query)).data).toEqual({ me: null })
  })

  test('aliases, arguments and key order survive', async () => {
    const { data, denied } = await ask(
      '{ a: secret hello b: secret me { z: email y: name x: email } }',
    )
    expect(JSON.stringify(data)).toBe(
      '{"a":null,"hello":"world","b":null,"me":{"z":null,"y":"Ada","x":null}}',
    )
    expect(denied).toEqual(['a', 'b', 'me.z', 'me.x'])
  })

  test.each([
    ['{ me { name birthday } hello }', { me: null, hello: 'world' }, ['me.birthday']],
    ['{ hello mustHaveSecret }', null, ['mustHaveSecret']],
    ['{ people { birthday } }', null, [0, 1, 2].map((i) => `people.${i}.birthday`)],
    [
      '{ maybePeople { birthday } }',
      { maybePeople: [null, null, null] },
      ['maybePeople.0.birthday', 'maybePeople.2.birthday'],
    ],
    [
      '{ strangers { birthday } hello }',
      { strangers: [null, null], hello: 'world' },
      ['strangers.0.0.birthday', 'strangers.0.1.birthday'],
    ],
    ['{ me { home { street city } } }', { me: { home: null } }, ['me.home.street']],
    [
      '{ me { pairs { birthday } name } }',
      { me: { pairs: [null, null], name: 'Ada' } },
      ['me.pairs.0.0.birthday', 'me.pairs.0.1.birthday', 'me.pairs.1.0.birthday'],
    ],
    [
      '{ me { friends { birthday } } hello }',
      { me: null, hello: 'world' },
      ['me.friends.0.birthday', 'me.friends.1.birthday'],
    ],
    ['{ me { trips { city } } }', { me: null }, ['me.trips']],
  ])('null bubbles to where it may stand: %s', async (query, data, denied) => {
    const answer = await ask(query)
    expect(answer.data).toEqual(data)
    expect(answer.denied).toEqual(denied)
    expect(answer.status).toBe(data === null ? 403 : 200)
  })

  test('a rule on a type guards every field that returns it, nested or not', async () => {
    const { data, denied } = await ask(
      '{ plan { title } openPlan { title hidden { cost } } level }',
    )
    expect(data).toEqual({ plan: null, openPlan: { title: 'Open', hidden: null }, level: null })
    expect(denied).toEqual(['plan', 'openPlan.hidden', 'level'])
    expect((await ask('{ plan { title } level }', { scopes: ['level:read'] })).data).toEqual({
      plan: { title: 'Plan A' },
      level: 'HIGH',
    })
  })

  test('of a union, the member that is guarded keeps its fields to itself', async () => {
    const query = `{ found { __typename ... on Person { name } ... on Place { area label } ... on Plan { cost title } } }`
    expect((await ask(query)).data).toBeNull()
    const { data, denied } = await ask(
      '{ found { __typename ... on Plan { cost } ... on Place { label } } }',
    )
    expect(data).toEqual({
      found: [
        { __typename: 'Person' },
        { __typename: 'Place', label: null },
        { __typename: 'Plan', cost: null },
      ],
    })
    expect(denied).toEqual(['found.1.label', 'found.2.cost'])
    expect((await ask(query, { scopes: ['places:read'] })).denied).toEqual([])
  })

  test('an interface field needs the rule of every type behind it', async () => {
    const { data, denied } = await ask('{ nodes { id label } }')
    expect(data).toEqual({
      nodes: [
        { id: '1', label: null },
        { id: '9', label: null },
      ],
    })
    expect(denied).toEqual(['nodes.0.label', 'nodes.1.label'])
    expect(sent()).not.toContain('label')
    expect((await ask('{ nodes { label } }', { scopes: ['places:read'] })).data).toEqual({
      nodes: [{ label: 'person Ada' }, { label: 'Cellar' }],
    })
  })

  test('a condition on a type that has no rule of its own opens the field for that type', async () => {
    const { data, denied } = await ask('{ nodes { label ... on Person { label name } } }')
    expect(data).toEqual({ nodes: [{ label: 'person Ada', name: 'Ada' }, { label: null }] })
    expect(denied).toEqual(['nodes.1.label'])
  })

  test('fragments, nested and spread twice, are filtered wherever they stand', async () => {
    const { data, denied } = await ask(`
      { me { ...Card } people { ... on Node { ...Card } friends { ... { email } } } }
      fragment Card on Person { name ...Secrets }
      fragment Secrets on Person { email badge }
    `)
    expect(data).toMatchObject({ me: { name: 'Ada', email: null, badge: null } })
    expect(denied).toHaveLength(2 + 3 * 2 + 3)
    expect(denied).toContain('people.0.friends.1.email')
    expect(sent()).not.toMatch(/email|badge/)
  })

  test('a field asked for twice is denied once', async () => {
    const { denied } = await ask(
      '{ me { email ... on Person { email } ...E } } fragment E on Person { email }',
    )
    expect(denied).toEqual(['me.email'])
  })

  test('@skip and @include keep their say', async () => {
    const query = `query ($yes: Boolean!, $no: Boolean!) {
      a: secret @skip(if: $yes) b: secret @include(if: $no) c: secret @include(if: $yes)
      me { ... @include(if: $no) { email } name }
    }`
    const { data, denied } = await ask(query, {}, { yes: true, no: false })
    expect(data).toEqual({ c: null, me: { name: 'Ada' } })
    expect(denied).toEqual(['c'])
  })

  test('variables of a denied field are still checked, and break nothing', async () => {
    const query = 'mutation ($name: String!) { rename(name: $name) { name } touch }'
    const { data, denied } = await ask(query, {}, { name: 'x' })
    expect(data).toEqual({ rename: null, touch: expect.any(Number) })
    expect(denied).toEqual(['rename'])
    expect((await graph.ask(query, {}, { name: 3 })).errors?.[0]?.extensions.code).toBe(
      'BAD_USER_INPUT',
    )
  })

  test('a field of another subgraph is denied on the way through the join', async () => {
    const { data, denied } = await ask('{ me { name trips { city price } } }', {
      scopes: ['trips:read'],
    })
    expect(data).toEqual({ me: null })
    expect(denied).toEqual(['me.trips.0.price'])
    expect(sent()).not.toContain('price')
    const scopes = ['trips:read', 'trips:price']
    expect((await ask('{ me { trips { city price } } }', { scopes })).data).toEqual({
      me: { trips: [{ city: 'City 1', price: 10 }] },
    })
  })

  test('a denied field and a failing one each have their own error', async () => {
    const { errors, data } = await graph.ask('{ crash secret me { email insurance } }')
    expect(data).toEqual({ crash: null, secret: null, me: { email: null, insurance: 'full' } })
    expect(errors?.map(({ path, extensions }) => [path?.join('.'), extensions.code])).toEqual([
      ['crash', 'INTERNAL'],
      ['secret', 'UNAUTHORIZED_FIELD_OR_TYPE'],
      ['me.email', 'UNAUTHORIZED_FIELD_OR_TYPE'],
    ])
  })

  test('only the operation that runs is looked at', async () => {
    const { data, errors } = await graph.post(
      { query: 'query A { hello } query B { secret }', operationName: 'A' },
      { scopes: ['operations:explore'] },
    )
    expect([data, errors]).toEqual([{ hello: 'world' }, undefined])
  })
})
