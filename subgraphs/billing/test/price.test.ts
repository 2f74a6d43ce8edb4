import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { fromGlobalId, toGlobalId } from '#kit/id'
import { viewerWith } from '../../../stack/testing/subgraph.ts'
import { Harness } from './harness.ts'

let it: Harness
beforeAll(async () => {
  it = await Harness.start({ waitMs: 500 })
}, 30_000)
afterAll(() => it.stop())

const priced = async (amount = 4_500) => {
  const coach = viewerWith(['COACH'])
  const serviceId = await it.serviceOf(coach)
  const answer = await it.setPrice(coach, serviceId, { amount })
  return { coach, serviceId, answer }
}

describe('a price', () => {
  test('is set by the coach of the service, and anybody reads it', async () => {
    const { serviceId, answer } = await priced()
    expect(answer).toMatchObject({
      __typename: 'ServicePriced',
      service: { price: { amount: 4_500, currency: 'EUR' } },
    })
    expect(await it.priceOf(serviceId)).toEqual({ amount: 4_500, currency: 'EUR' })
  })

  test('is told with its version; the same price again is no change', async () => {
    const { coach, serviceId } = await priced()
    await it.setPrice(coach, serviceId, { amount: 4_500 })
    await it.setPrice(coach, serviceId, { amount: 5_000, currency: 'CHF' })
    await it.setPrice(coach, serviceId, { amount: 0 })
    const id = fromGlobalId('Service', serviceId)
    expect(await it.told('price-changed', serviceId)).toEqual([
      { serviceId: id, amount: 4_500, currency: 'EUR', version: 1 },
      { serviceId: id, amount: 5_000, currency: 'CHF', version: 2 },
      { serviceId: id, amount: 0, currency: 'EUR', version: 3 },
    ])
    expect(await it.priceOf(serviceId)).toBeNull()
  })

  test('is free before anybody sets one, and says nothing of what is no service', async () => {
    expect(await it.priceOf(await it.serviceOf(viewerWith(['COACH'])))).toBeNull()
    expect(await it.priceOf('nothing')).toBeNull()
  })

  test('never changes: what was once the price stays in the history, whoever writes', async () => {
    const { serviceId } = await priced()
    const id = fromGlobalId('Service', serviceId)
    await expect(
      it.admin`update billing.price set amount = 1 where service_id = ${id}`,
    ).rejects.toThrow('never changed')
    await expect(it.admin`delete from billing.price where service_id = ${id}`).rejects.toThrow(
      'never changed',
    )
  })

  test('that is set twenty times at once is twenty versions in a row', async () => {
    const { coach, serviceId } = await priced(5_000)
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        it.setPrice(coach, serviceId, { amount: 6_000 + index }),
      ),
    )
    const versions = (await it.told('price-changed', serviceId)).map(({ version }) => version)
    expect(versions).toEqual(Array.from({ length: 21 }, (_, index) => index + 1))
  })
})

describe('is refused', () => {
  test.each([
    [{ amount: 49 }, ['amount']],
    [{ amount: -1 }, ['amount']],
    [{ amount: 100_000_000 }, ['amount']],
    [{ amount: 4_500, currency: 'XXX' }, ['currency']],
    [{ amount: 4_500, currency: 'toString' }, ['currency']],
  ])('%j', async (price, path) => {
    const { coach, serviceId } = await priced()
    expect(await it.setPrice(coach, serviceId, price)).toMatchObject({
      __typename: 'ValidationError',
      path,
    })
  })

  test('another coach, a service that is unknown, whoever is no coach', async () => {
    const { serviceId } = await priced()
    const other = viewerWith(['COACH'])
    const refusal = { __typename: 'NotFoundError', path: ['serviceId'] }
    expect(await it.setPrice(other, serviceId, { amount: 100 })).toMatchObject(refusal)
    expect(
      await it.setPrice(other, toGlobalId('Service', Bun.randomUUIDv7()), { amount: 100 }),
    ).toMatchObject(refusal)
    expect(await it.setPrice(other, 'nothing', { amount: 100 })).toMatchObject(refusal)
    await expect(it.setPrice(viewerWith(['CLIENT']), serviceId, { amount: 100 })).rejects.toThrow(
      'FORBIDDEN',
    )
    await expect(it.setPrice(viewerWith(['ADMIN']), serviceId, { amount: 100 })).rejects.toThrow(
      'FORBIDDEN',
    )
    expect(await it.priceOf(serviceId)).toEqual({ amount: 4_500, currency: 'EUR' })
  })
})
