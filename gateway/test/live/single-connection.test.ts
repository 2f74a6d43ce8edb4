import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createClient } from 'graphql-sse'
import { until } from '#kit/test/until'
import { readEvents } from '../event-reader.ts'
import { startWorld, type World } from './world.ts'

const query = 'subscription ($channel: String!) { told(channel: $channel) { number text } }'

let world: World
let first: Awaited<ReturnType<World['serve']>>
let second: typeof first
beforeAll(async () => {
  world = await startWorld()
  first = await world.serve()
  second = await world.serve()
})
afterAll(() => world.stop())

const clientOf = (origin: string, singleConnection: boolean) =>
  singleConnection
    ? createClient({ singleConnection: true, url: `${origin}/graphql/stream`, retryAttempts: 0 })
    : createClient({ singleConnection: false, url: `${origin}/graphql`, retryAttempts: 0 })

const numberOf = (result: unknown): unknown => Object(Object(Object(result).data).told).number

async function take(results: AsyncIterable<unknown>, count: number) {
  const seen: unknown[] = []
  for await (const result of results) {
    seen.push(numberOf(result))
    if (seen.length === count) break
  }
  return seen
}

let channels = 0
const newChannel = () => `channel-${++channels}`

describe.each([false, true])('the official client, with one connection: %p', (single) => {
  test('gets what several subscriptions tell, each its own', async () => {
    const client = clientOf(first.origin, single)
    const mine = Array.from({ length: 3 }, newChannel)
    const listening = world.listening()
    const all = mine.map((channel) => take(client.iterate({ query, variables: { channel } }), 3))
    await until('all listen', () => world.listening() === listening + 3)
    for (const [index, channel] of mine.entries()) await world.tell(channel, index, index + 10)
    for (const [index, channel] of mine.entries()) await world.tell(channel, index + 20)
    expect(await Promise.all(all)).toEqual([
      [0, 10, 20],
      [1, 11, 21],
      [2, 12, 22],
    ])
    await until('nobody listens any more', () => world.listening() === listening)
    client.dispose()
  })

  test('gets the answer of a query', async () => {
    const client = clientOf(first.origin, single)
    const answers: unknown[] = []
    for await (const answer of client.iterate({ query: '{ ready }' })) answers.push(answer)
    expect(answers).toEqual([{ data: { ready: true } }])
    client.dispose()
  })

  test('is told of an operation that is not valid', async () => {
    const client = clientOf(first.origin, single)
    const asking = (async () => {
      for await (const answer of client.iterate({ query: '{ nothing }' })) return answer
    })()
    await expect(asking).rejects.toMatchObject({ response: { status: 400 } })
    client.dispose()
  })
})

type Sent = { readonly token?: string; readonly person?: string; readonly body?: unknown }

const sendTo = (
  { origin }: { origin: string },
  method: string,
  { token, person, body, lastId, search = '' }: Sent & { lastId?: string; search?: string } = {},
) =>
  fetch(`${origin}/graphql/stream${search}`, {
    method,
    headers: {
      ...(method === 'POST' && { 'content-type': 'application/json' }),
      ...(method === 'GET' && { accept: 'text/event-stream' }),
      ...(token !== undefined && { 'x-graphql-event-stream-token': token }),
      ...(person !== undefined && { 'x-person': person }),
      ...(lastId !== undefined && { 'last-event-id': lastId }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })

const subscribing = (channel: string, operationId: string) => ({
  ...{ query, variables: { channel } },
  extensions: { operationId },
})

async function reserved(at = first, person?: string) {
  const who = person === undefined ? {} : { person }
  const response = await sendTo(at, 'PUT', who)
  expect(response.status).toBe(201)
  return { token: await response.text(), ...who }
}

const codeOf = async (response: Response) => {
  const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] }
  return [response.status, errors[0]?.extensions.code]
}

describe('a reservation', () => {
  test('made at one instance is good at every other one', async () => {
    const asked = await reserved(first, 'ada')
    const events = readEvents(await sendTo(second, 'GET', asked))
    const channel = newChannel()
    const posted = await sendTo(second, 'POST', { ...asked, body: subscribing(channel, 'one') })
    expect(posted.status).toBe(202)
    await events.known()
    await world.tell(channel, 1)
    expect(await events.next()).toEqual({
      name: 'next',
      data: { id: 'one', payload: { data: { told: { number: 1, text: 'number 1' } } } },
    })
    const listening = world.listening()
    await sendTo(second, 'DELETE', { ...asked, search: '?operationId=one' })
    await until('it is let go of', () => world.listening() === listening - 1)
    await events.close()
  })

  test('whose instance is gone, or that never was, is not there', async () => {
    const lone = await world.serve()
    const { token } = await reserved(lone)
    await lone.close()
    expect(await codeOf(await sendTo(first, 'GET', { token }))).toEqual([404, 'NOT_FOUND'])
    expect(await codeOf(await sendTo(first, 'GET', { token: 'x' }))).toEqual([404, 'NOT_FOUND'])
    expect(await codeOf(await sendTo(first, 'GET'))).toEqual([404, 'NOT_FOUND'])
    const forged = `${token.split('.')[0]}.${Buffer.from('http://127.0.0.1:1').toString('base64url')}`
    expect(await codeOf(await sendTo(first, 'GET', { token: forged }))).toEqual([404, 'NOT_FOUND'])
  })

  test.each(['GET', 'POST', 'DELETE'])('is nobody else’s to %s with', async (method) => {
    const asked = await reserved(first, 'ada')
    const body = method === 'POST' ? { body: subscribing(newChannel(), 'one') } : {}
    for (const person of ['bob', undefined]) {
      const who = person === undefined ? {} : { person }
      const response = await sendTo(first, method, { token: asked.token, ...who, ...body })
      expect(await codeOf(response)).toEqual([404, 'NOT_FOUND'])
    }
  })

  test('has one stream, and an operation one id', async () => {
    const asked = await reserved(first, 'cleo')
    const body = subscribing(newChannel(), 'one')
    expect(await codeOf(await sendTo(first, 'POST', { ...asked, body }))).toEqual([409, 'CONFLICT'])
    const events = readEvents(await sendTo(first, 'GET', asked))
    expect(await codeOf(await sendTo(first, 'GET', asked))).toEqual([409, 'CONFLICT'])
    expect((await sendTo(first, 'POST', { ...asked, body })).status).toBe(202)
    expect(await codeOf(await sendTo(first, 'POST', { ...asked, body }))).toEqual([409, 'CONFLICT'])
    await events.close()
  })

  test.each([{}, { operationId: '' }, { operationId: 'a\nb' }, { operationId: 7 }])(
    'takes no operation with %p',
    async (extensions) => {
      const asked = await reserved(first, 'dora')
      const events = readEvents(await sendTo(first, 'GET', asked))
      const response = await sendTo(first, 'POST', { ...asked, body: { query, extensions } })
      expect(await codeOf(response)).toEqual([400, 'BAD_REQUEST'])
      await events.close()
      await until('it is gone', async () => (await sendTo(first, 'DELETE', asked)).status === 404)
    },
  )

  test('is one of a few for each caller, and ends with its stream or unused', async () => {
    const short = await world.serve({ unusedMs: 300 })
    const all = await Promise.all(Array.from({ length: 3 }, () => reserved(short, 'eve')))
    const refused = await sendTo(short, 'PUT', { person: 'eve' })
    expect(await codeOf(refused)).toEqual([429, 'RATE_LIMITED'])
    expect((await sendTo(short, 'PUT', { person: 'finn' })).status).toBe(201)
    const [used] = all
    const events = readEvents(await sendTo(short, 'GET', used))
    await until('unused ones are gone', async () => {
      const [, unused] = all
      return (await sendTo(short, 'DELETE', unused)).status === 404
    })
    expect((await sendTo(short, 'DELETE', used)).status).toBe(200)
    await events.close()
    await until('it is gone', async () => (await sendTo(short, 'DELETE', used)).status === 404)
  })

  test('that is left ends what runs on it', async () => {
    const asked = await reserved(first, 'gil')
    const events = readEvents(await sendTo(first, 'GET', asked))
    const listening = world.listening()
    for (const id of ['a', 'b'])
      await sendTo(first, 'POST', { ...asked, body: subscribing(newChannel(), id) })
    await until('both listen', () => world.listening() === listening + 2)
    await events.close()
    await until('none listens', () => world.listening() === listening)
  })

  test('is new after a loss, and its operations go on by their own last id', async () => {
    const channel = newChannel()
    const body = subscribing(channel, 'one')
    const asked = await reserved(first, 'hal')
    const events = readEvents(await sendTo(first, 'GET', asked))
    await sendTo(first, 'POST', { ...asked, body })
    await events.known()
    await world.tell(channel, 1)
    expect(Object(await events.next()).data.payload.data.told.number).toBe(1)
    await events.close()
    await world.tell(channel, 2)
    const again = await reserved(second, 'hal')
    const next = readEvents(await sendTo(second, 'GET', again))
    await sendTo(second, 'POST', { ...again, body, lastId: events.lastId() })
    expect(Object(await next.next()).data.payload.data.told.number).toBe(2)
    await next.close()
  })
})
