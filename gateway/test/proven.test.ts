import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { type Proof, proofOf } from '../proven.ts'
import { eventually } from './edge-harness.ts'
import type { Caller } from './harness.ts'
import { entry, type Instance, newInstance } from './registry-world.ts'

let db: TestDatabase
const instances: Instance[] = []
beforeAll(async () => {
  db = await testDatabase()
})
afterAll(async () => {
  await Promise.all(instances.flatMap(({ published, stop }) => [published.stop(), stop()]))
  await db.drop()
})

const fit = entry('Fit', 'query Fit { hello }')
const unfit = entry('Unfit', 'query Unfit { nothingOfTheKind }')
const person: Caller = { scopes: ['self'], credential: 'session' }

type Own = readonly ReturnType<typeof entry>[]

async function starting(own: Own, proof?: (texts: Proof) => string) {
  const instance = await newInstance({ sql: db.connect('gateway'), own, ...(proof && { proof }) })
  instances.push(instance)
  return instance
}

describe('at start', () => {
  test('everything is prepared before anybody is let in', async () => {
    const { prepared } = await starting([fit])
    expect(prepared).toContain(fit.document)
  })

  test('what the build has proven is prepared once requests are answered', async () => {
    const instance = await starting([fit], proofOf)
    expect(instance.prepared).toEqual([])
    await instance.published.start()
    await eventually(async () => instance.prepared.includes(fit.document), 5_000)
    const answer = await instance.post({ documentId: `sha256:${fit.hash}` }, person)
    expect(answer.data).toEqual({ hello: 'world' })
  })

  test.each([
    ['nothing is proven', undefined],
    [
      'the proof is of another graph',
      ({ operations }: Proof) => proofOf({ supergraph: 'x', operations }),
    ],
    [
      'the proof is of other operations',
      ({ supergraph }: Proof) => proofOf({ supergraph, operations: '[]' }),
    ],
    ['the proof is damaged', (texts: Proof) => proofOf(texts).slice(1)],
  ])('operations that do not fit are refused when %s', async (_, proof) => {
    await expect(starting([fit, unfit], proof)).rejects.toThrow('do not fit the graph: Unfit')
  })

  test('a proof is believed: with a forged one they are found out later, and end nothing', async () => {
    const instance = await starting([fit, unfit], proofOf)
    await instance.published.start()
    await eventually(async () => instance.told.some((line) => line.includes('Unfit')), 5_000)
    const answer = await instance.post({ documentId: `sha256:${fit.hash}` }, person)
    expect(answer.data).toEqual({ hello: 'world' })
  })
})
