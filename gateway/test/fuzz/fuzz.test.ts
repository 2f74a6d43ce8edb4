import { beforeAll, describe, expect, test } from 'bun:test'
import { type ExecutionResult, GraphQLError } from 'graphql'
import { differences } from './compare.ts'
import { constructs } from './constructs.ts'
import { fuzz, type Tally } from './fuzz.ts'

const runs = 10_000
/** Each construct occurs in so many of them at least. */
const occurrencesMin = 200

describe('operations over random supergraphs', () => {
  const failures: string[] = []
  let tally: Tally

  beforeAll(async () => {
    tally = await fuzz({ runs, seed: 502, failed: (report) => failures.push(report) })
  }, 900_000)

  test('are answered as by one schema with the same data', () => {
    expect(failures).toEqual([])
  })

  test('meet every construct often enough', () => {
    const rare = constructs.filter((name) => (tally.occurrences.get(name) ?? 0) < occurrencesMin)
    expect(rare).toEqual([])
  })

  test('are compared for both engines over both transports', () => {
    const answered = (engine: string, way: string) => tally.answered.get(`${engine} over ${way}`)
    expect(answered('compiled', 'text')).toBe(runs)
    expect(answered('compiled', 'local')).toBeGreaterThan(runs / 10)
    expect(answered('compiled', 'http')).toBeGreaterThan(runs / 10)
    expect(answered('stitched', 'text')).toBeGreaterThan(runs / 12)
    expect(answered('stitched', 'http')).toBeGreaterThan(runs / 200)
  })
})

describe('what the comparison sees', () => {
  const told = (path: (string | number)[], message = 'x failed') =>
    new GraphQLError(message, { path })
  const right: ExecutionResult = {
    data: { a: { b: null }, c: 1 },
    errors: [told(['a', 'b'])],
  }
  const wrongs: Readonly<Record<string, ExecutionResult>> = {
    'another value': { ...right, data: { a: { b: null }, c: 2 } },
    'another order of keys': { ...right, data: { c: 1, a: { b: null } } },
    'an error that is lost': { data: { a: { b: null }, c: 1 } },
    'an error at another place': { ...right, errors: [told(['a'])] },
    'an error told twice': { ...right, errors: [told(['a', 'b']), told(['a', 'b'])] },
    'other words': { ...right, errors: [told(['a', 'b'], 'y failed')] },
    'an error beside a value': { ...right, errors: [told(['a', 'b']), told(['c'])] },
    'no data at all': { errors: [told(['a', 'b'])] },
  }

  test('is nothing where the answers are alike', () => {
    expect(differences([right], [right], 'all')).toEqual([])
  })

  test.each(Object.entries(wrongs))('is %s', (_, wrong) => {
    expect(differences([right], [wrong], 'all')).not.toEqual([])
  })
})
