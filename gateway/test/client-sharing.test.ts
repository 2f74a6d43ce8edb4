import { describe, expect, test } from 'bun:test'
import { type ClientSharing, identityOf } from '../client-sharing.ts'
import { eventually } from './edge-harness.ts'
import { type Caller, startHarness } from './harness.ts'

const started = (sharing?: ClientSharing) =>
  startHarness({ engine: 'compiled', lane: 'fast', ...(sharing && { sharing }) })
const on = { identityOf: identityOf(['x-tenant']) }
const mail = '{ me { name email } }'
const owner: Caller = { scopes: ['self', 'mail'] }
const other: Caller = { scopes: ['self'] }

const times = <Value>(count: number, one: () => Promise<Value>) =>
  Promise.all(Array.from({ length: count }, one))

describe('equal queries of one caller in flight', () => {
  test('are one run, and each gets the same bytes', async () => {
    const { ask, asked } = started(on)
    const answers = await times(20, () => ask(mail, owner))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers[0]?.data).toEqual({ me: { name: 'Ada', email: 'Ada@example.org' } })
    expect(asked).toHaveLength(1)
    await ask(mail, owner)
    expect(asked).toHaveLength(2)
  })

  test('are several runs while nobody asked for sharing', async () => {
    const { ask, asked } = started()
    await times(5, () => ask(mail, owner))
    expect(asked).toHaveLength(5)
  })

  test('differ by variables, by who asks and by what subgraphs are told', async () => {
    const { ask, post, asked } = started(on)
    const greet = 'query ($n: String!) { greet(name: $n) }'
    const [ada, bob] = await Promise.all(['A', 'B'].map((n) => ask(greet, {}, { n })))
    expect([ada?.data, bob?.data]).toEqual([{ greet: 'GOOD day, A' }, { greet: 'GOOD day, B' }])
    asked.length = 0
    const [mine, others, nobodys] = await Promise.all([
      ask(mail, owner),
      ask(mail, other),
      ask('{ me { name } }'),
    ])
    expect(mine.data).toEqual({ me: { name: 'Ada', email: 'Ada@example.org' } })
    expect(others.data).toEqual({ me: { name: 'Ada', email: null } })
    expect(nobodys.data).toEqual({ me: { name: 'Ada' } })
    asked.length = 0
    await Promise.all(
      ['a', 'b', 'a'].map((tenant) => post({ query: mail }, owner, { 'x-tenant': tenant })),
    )
    expect(asked).toHaveLength(2)
  })

  test('negative control: without who asks in the key one gets the answer of another', async () => {
    const viewerOf = async (sharing: ClientSharing) => {
      const { ask, asked } = started(sharing)
      const two: Caller[] = [{ scopes: ['self'] }, { scopes: ['mail'] }]
      await Promise.all(two.map((caller) => ask('{ me { name } }', caller)))
      return asked.length
    }
    expect(await viewerOf({ identityOf: () => '' })).toBe(1)
    expect(await viewerOf(on)).toBe(2)
  })

  test('are counted each, under the name of what was asked', async () => {
    const { ask, asked, metrics } = started(on)
    await times(5, () => ask('query Mail { me { name } }', owner))
    expect(asked).toHaveLength(1)
    const counted = (await metrics.text())
      .split('\n')
      .filter((line) => /_count\{.*free-text/.test(line))
    expect(counted.map((line) => line.replace(/.* /, ''))).toEqual(['5'])
  })

  test('are never mutations', async () => {
    const { ask, asked } = started(on)
    const counts = await times(3, () => ask('mutation { touch }', owner))
    expect(new Set(counts.map(({ text }) => text)).size).toBe(3)
    expect(asked).toHaveLength(3)
  })

  test('go on for the others when one of them leaves', async () => {
    const { ask, send, asked, broken } = started(on)
    const gate = Promise.withResolvers<void>()
    broken.set('people', async () => {
      await gate.promise
      return Response.json({ data: { me: { name: 'Ada', email: 'a' } } })
    })
    const leaver = new AbortController()
    const request = new Request('http://localhost:3000/graphql', {
      ...{ method: 'POST', signal: leaver.signal, body: JSON.stringify({ query: mail }) },
      headers: { 'content-type': 'application/json' },
    })
    const left = send(request, owner).catch(() => null)
    const stayed = ask(mail, owner)
    await eventually(() => asked.length === 1)
    leaver.abort()
    await left
    gate.resolve()
    expect((await stayed).data).toEqual({ me: { name: 'Ada', email: 'a' } })
  })
})
