import { describe, expect, test } from 'bun:test'
import { readOnlyScope } from '#kit/acting'
import type { Caller } from '../harness.ts'
import { type Name, startWorld, type World } from './world.ts'

const otherId = '00000000-0000-7000-8000-000000000002'
const scopes = ['self']
const ada: Caller = { scopes }
const program: Caller = { scopes, credential: 'bearer', clientId: 'first' }

type Who = { readonly caller: Caller; readonly headers?: HeadersInit }

/** Everybody differs from everybody else in one thing at least. */
const askers: Readonly<Record<string, Who>> = {
  nobody: { caller: {} },
  'nobody with a cookie': { caller: {}, headers: { cookie: 'theme=dark' } },
  Ada: { caller: ada },
  'Ada with other roles': { caller: { ...ada, viewer: { roles: ['COACH'] } } },
  'Ada with more scopes': { caller: { scopes: ['self', 'coach'] } },
  'Ada who may only look': { caller: { scopes: ['self', readOnlyScope] } },
  'Ada at the second level': { caller: { ...ada, viewer: { acr: '2' } } },
  'Ada in another session': { caller: { ...ada, viewer: { sessionId: 'session-2' } } },
  'somebody as Ada': { caller: { ...ada, viewer: { actor: otherId } } },
  Bob: { caller: { ...ada, viewer: { id: otherId } } },
  'a program': { caller: program },
  'another program': { caller: { ...program, clientId: 'second' } },
  "Ada's program": { caller: { ...program, credential: 'bearer', clientId: 'web-client' } },
}
const names = Object.keys(askers)
const pairs = names.flatMap((one) =>
  names.filter((other) => other !== one).map((other) => [one, other] as const),
)

async function answerFor(world: World, name: Name, who: string, variables = {}): Promise<string> {
  const { caller, headers = {} } = askers[who] ?? { caller: {} }
  return (await world.ask(name, caller, { headers, variables })).text
}

/** Than anything is kept, in milliseconds. */
const longer = 10_000_000

/** Whose answers came to somebody who would have got another one. */
async function mixed(world: World, name: Name): Promise<string[]> {
  const own = new Map<string, string>()
  for (const who of names) {
    world.clock.now += longer
    own.set(who, await answerFor(world, name, who))
  }
  const found: string[] = []
  for (const [first, second] of pairs) {
    world.clock.now += longer
    await answerFor(world, name, first)
    const told = await answerFor(world, name, second)
    if (told !== own.get(second)) found.push(`${first} to ${second}`)
  }
  return found
}

describe('what is kept for one caller', () => {
  test.each(['Coaches', 'Own', 'Joined'] as const)('never comes to another: %s', async (name) => {
    expect(await mixed(await startWorld(), name)).toEqual([])
  })

  test('would come to others if it were kept without saying for whom', async () => {
    const world = await startWorld({ identityOf: () => 'anybody' })
    const leaks = await mixed(world, 'Coaches')
    expect(leaks).toContain('Ada to Bob')
    expect(leaks).toContain('a program to somebody as Ada')
    expect(await mixed(await startWorld({ identityOf: () => 'anybody' }), 'Joined')).toContain(
      'Ada to Bob',
    )
  })

  test('is given again to the same one, and made anew for every other', async () => {
    const world = await startWorld()
    for (const who of names.filter((name) => name !== 'nobody with a cookie')) {
      const { caller } = askers[who] ?? { caller: {} }
      expect(await world.costOf('Coaches', caller)).toBe(1)
      expect([who, await world.costOf('Coaches', caller)]).toEqual([who, 0])
    }
  })

  test('is not given to somebody whose rules take a field away', async () => {
    const world = await startWorld()
    const may: Caller = { scopes: ['secret'] }
    expect((await world.ask('Secret', may)).text).toContain('"secret":"secret"')
    expect((await world.ask('Secret', { scopes: ['self'] })).text).toContain('"secret":null')
    expect((await world.ask('Secret')).text).toContain('"secret":null')
  })
})

describe('what is said to be the same for all whom its rules admit', () => {
  const staff = (id: string, more: string[] = []): Caller => ({
    scopes: ['report', ...more],
    viewer: { id },
  })

  test('is made once for all of them', async () => {
    const world = await startWorld()
    expect(await world.costOf('Report', staff('one'))).toBe(1)
    expect(await world.costOf('Report', staff('two'))).toBe(0)
  })

  test('is not given to others, nor to whom other rules say yes', async () => {
    const world = await startWorld()
    await world.ask('Report', staff('one'))
    expect(await world.costOf('Report', staff('two', ['more']))).toBe(1)
    const refused = await world.harness.post({ documentId: 'sha256:0' }, {})
    expect(refused.status).toBe(403)
    expect((await world.ask('Report', { scopes: ['self'] })).text).toContain('"report":null')
    expect((await world.ask('Report')).text).toContain('"report":null')
  })
})

test('what says nothing is never kept, and no refusal is', async () => {
  const world = await startWorld()
  for (const caller of [{}, ada]) {
    expect(await world.costOf('Unsaid', caller)).toBe(1)
    expect(await world.costOf('Unsaid', caller)).toBe(1)
  }
  expect(await world.costOf('Secret')).toBe(1)
  expect(await world.costOf('Secret')).toBe(1)
})

test('an answer to a cookie is no answer for everybody, nor from everybody', async () => {
  const world = await startWorld()
  await world.ask('Coaches')
  const headers = { cookie: 'theme=dark' }
  expect(await world.costOf('Coaches', {}, { headers })).toBe(1)
  expect(await world.costOf('Coaches', {}, { headers })).toBe(1)
})
