import { beforeEach, describe, expect, test } from 'bun:test'
import { eventually } from '../edge-harness.ts'
import type { Caller } from '../harness.ts'
import { idOf, leaId, leaUuid, said, startWorld } from './world.ts'

const ada: Caller = { scopes: ['self'] }
const bob: Caller = { scopes: ['self'], viewer: { id: '00000000-0000-7000-8000-000000000002' } }
const second = 1_000

beforeEach(() => {
  said.headline = 'calm'
  said.slots = ['09:00']
})

describe('an answer that is kept', () => {
  test('is given for as long as its fields say, and no longer', async () => {
    const world = await startWorld()
    expect(await world.costOf('Coaches', ada)).toBe(1)
    world.clock.now += 59 * second
    expect(await world.costOf('Coaches', ada)).toBe(0)
    world.clock.now += 2 * second
    expect(await world.costOf('Coaches', ada)).toBe(1)
    expect(await world.costOf('Slots', ada)).toBe(1)
    world.clock.now += 6 * second
    expect(await world.costOf('Slots', ada)).toBe(1)
  })

  test('is the same whichever way its variables are written, and another for others', async () => {
    const world = await startWorld()
    const one = { variables: { id: leaId, unused: { a: 1, b: [2] } } }
    expect(await world.costOf('Coach', {}, one)).toBe(1)
    const same = { variables: { unused: { b: [2], a: 1 }, id: leaId } }
    expect(await world.costOf('Coach', {}, same)).toBe(0)
    expect(await world.costOf('Coach', {}, { variables: { id: idOf('Coach', 'x') } })).toBe(1)
  })

  test('is given when it is a little old, while one request makes a new one', async () => {
    const world = await startWorld()
    await world.ask('Coaches')
    said.headline = 'new'
    world.clock.now += 100 * second
    const before = world.asked.length
    const stale = await Promise.all(Array.from({ length: 20 }, () => world.ask('Coaches')))
    expect(new Set(stale.map(({ text }) => text.includes('calm')))).toEqual(new Set([true]))
    expect(world.asked.length - before).toBe(1)
    await eventually(async () => (await world.ask('Coaches')).text.includes('new'))
    expect(world.asked.length - before).toBe(1)
    world.clock.now += 1_000 * second
    said.headline = 'newest'
    expect((await world.ask('Coaches')).text).toContain('newest')
  })

  test('is made once for a thousand who ask at the same time', async () => {
    const world = await startWorld()
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => world.ask('Coaches')))
    expect(world.asked).toHaveLength(1)
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
  })

  test('is no failure: the next one who asks is answered anew', async () => {
    const world = await startWorld()
    world.harness.broken.set('people', () => new Response('no', { status: 500 }))
    const failed = world.harness.post({ documentId: 'sha256:0' })
    expect((await failed).status).toBe(403)
    await expect(world.ask('Coaches')).rejects.toThrow('UNAVAILABLE')
    world.harness.broken.clear()
    expect((await world.ask('Coaches')).text).toContain('calm')
  })

  test('is counted', async () => {
    const world = await startWorld()
    for (let round = 0; round < 3; round += 1) await world.ask('Coaches')
    const text = await world.metrics.text()
    expect(text).toMatch(/kept_lookups_total\{place="answer",outcome="miss".*\} 1/)
    expect(text).toMatch(/kept_lookups_total\{place="answer",outcome="hit".*\} 2/)
    expect(text).toMatch(/kept_bytes\{.*\} [1-9]/)
  })
})

describe('who changes something', () => {
  const variables = { id: leaId }

  test('sees it at once, and so does whoever asks here for what the answer names', async () => {
    const world = await startWorld()
    for (const caller of [ada, bob, {}]) await world.ask('Coaches', caller)
    said.headline = 'changed'
    await world.ask('Write', ada, { variables })
    for (const caller of [ada, bob, {}])
      expect((await world.ask('Coaches', caller)).text).toContain('changed')
  })

  test('ends what is kept for them alone, whatever it is of', async () => {
    const world = await startWorld()
    await world.ask('Slots', ada)
    await world.ask('Slots', bob)
    await world.ask('Write', ada, { variables: { id: idOf('Other', leaUuid) } })
    expect(await world.costOf('Slots', ada)).toBe(1)
    expect(await world.costOf('Slots', bob)).toBe(0)
  })
})

describe('what subgraphs say of an entity', () => {
  test('is not asked again within its time, by the same caller', async () => {
    const world = await startWorld()
    expect(await world.costOf('Joined', ada)).toBe(2)
    expect(await world.costOf('Joined', ada)).toBe(1)
    expect(await world.costOf('Joined', bob)).toBe(2)
    expect((await world.ask('Joined', ada)).text).toContain('09:00')
    world.clock.now += 6 * second
    expect(await world.costOf('Joined', ada)).toBe(2)
  })

  test('is asked again after a change of that entity', async () => {
    const world = await startWorld()
    await world.ask('Joined', bob)
    said.slots = ['10:00']
    await world.ask('Write', ada, { variables: { id: leaId } })
    expect((await world.ask('Joined', bob)).text).toContain('10:00')
  })

  test('is not kept when it came with an error', async () => {
    const world = await startWorld()
    world.harness.broken.set('trips', () =>
      Response.json({
        data: { _entities: [{ nextFree: 'wrong' }] },
        errors: [{ message: 'x', path: ['_entities', 0, 'nextFree'] }],
      }),
    )
    await world.ask('Joined', ada)
    world.harness.broken.clear()
    expect((await world.ask('Joined', ada)).text).toContain('09:00')
  })
})
