import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import type { ExecutionResult } from 'graphql'
import { rulesOf } from '../../engine/authorize/rules.ts'
import type { Engine, Prepared, Variant } from '../../engine/engine.ts'
import { exchangeOf } from '../../exchange.ts'
import { type EngineName, engines } from '../federation/harness/engines.ts'
import { ways } from '../federation/harness/world.ts'
import type { AuthorizationCase } from './case.ts'
import { fields } from './fields.ts'
import { joins } from './joins.ts'
import { operations } from './operations.ts'
import { types } from './types.ts'
import { rulesWithout, supergraph, world } from './world.ts'

const cases = [...fields, ...types, ...joins, ...operations]
const { journal } = world

const variantFor = ({ scopes, policies = [] }: Partial<AuthorizationCase>): Variant => ({
  authenticated: scopes !== undefined,
  scopes: new Set(scopes),
  policies: new Set(policies),
})

function exchange() {
  const request = new Request('http://gateway.local/graphql')
  const info = { requestId: 'request-1', clientAddress: '192.0.2.7' }
  return exchangeOf(request, info, new AbortController().signal)
}

async function resultsOf(
  prepared: Prepared,
  { variables = {}, isStream }: AuthorizationCase,
): Promise<ExecutionResult[]> {
  const request = { variables, exchange: exchange() }
  if (!isStream) return [await prepared.execute(request)]
  const opened = await prepared.subscribe(request)
  return Symbol.asyncIterator in opened ? Array.fromAsync(opened) : [opened]
}

async function answerOf(engine: Engine, one: AuthorizationCase) {
  const prepared = await engine.prepare(one.operation, null, variantFor(one))
  const results = await resultsOf(prepared, one)
  const data = results.map((result) => result.data)
  return {
    data: JSON.stringify(one.isStream ? data : data[0]),
    errors: results.flatMap(({ errors = [] }) =>
      errors.map(({ message, path, extensions }) => ({
        message,
        path: path?.join('.'),
        code: extensions.code,
      })),
    ),
  }
}

const unauthorized = (path: string) => ({
  message: 'Unauthorized field or type',
  path,
  code: 'UNAUTHORIZED_FIELD_OR_TYPE',
})

const casesFor = (engine: EngineName) =>
  engine === 'stitched' ? cases.filter((one) => one.beyondStitching === undefined) : cases

const combinations = engines.flatMap((engine) => ways.map((way) => ({ ...engine, engine, way })))

afterAll(world.stop)
beforeEach(() => {
  journal.asked.length = 0
  journal.invalid.length = 0
})

test('there are at least sixty cases, of different names', () => {
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
  expect(cases.length).toBeGreaterThanOrEqual(60)
})

describe.each(combinations)('the $name engine, $way', ({ name, engine: chosen, way }) => {
  const guarded = world.engine(chosen, way)

  test.each(casesFor(name))('$name', async (one) => {
    const { data, errors } = await answerOf(guarded, one)
    expect(data).toBe(JSON.stringify(one.data))
    expect(errors.sort(byPath)).toEqual(one.denied.map(unauthorized).sort(byPath))
    expect(journal.invalid).toEqual([])
    const sent = journal.asked.map(({ query, variables }) => query + JSON.stringify(variables))
    if (one.unsent) expect(sent.join('\n')).not.toMatch(new RegExp(`\\b(${one.unsent})\\b`))
    if (one.asked)
      expect(new Set(journal.asked.map(({ subgraph }) => subgraph))).toEqual(new Set(one.asked))

    const open = world.engine(chosen, way, rulesWithout(one.guards))
    expect(await answerOf(open, one)).toEqual({ data: JSON.stringify(one.open), errors: [] })
  })
})

const byPath = (one: { path: string | undefined }, other: { path: string | undefined }) =>
  (one.path ?? '').localeCompare(other.path ?? '')

describe.each(engines)('who is allowed, by the $name engine', (named) => {
  const engine = world.engine(named, 'local')
  const all: Variant = variantFor({
    scopes: ['a', 'c', 'mail', 'places', 'levels', 'admin', 'notes', 'pay', 'bonus'],
    policies: ['p', 'r'],
  })

  test.each(casesFor(named.name))('reads all of it: $name', async (one) => {
    const prepared = await engine.prepare(one.operation, null, all)
    const results = await resultsOf(prepared, one)
    const data = results.map((result) => result.data)
    expect(results.flatMap(({ errors = [] }) => errors)).toEqual([])
    expect(JSON.stringify(one.isStream ? data : data[0])).toBe(JSON.stringify(one.open))
  })

  test.each([
    ['{ either }', ['a', 'b'], []],
    ['{ either }', ['c'], []],
    ['{ vetted }', [], ['p', 'q']],
    ['{ vetted }', [], ['r']],
    ['{ both }', ['a'], ['p']],
  ])('%s is open to %p with %p', async (operation, scopes, policies) => {
    const prepared = await engine.prepare(operation, null, variantFor({ scopes, policies }))
    const { data, errors } = await prepared.execute({ variables: {}, exchange: exchange() })
    expect(errors).toBeUndefined()
    expect(Object.values(data ?? {})).toEqual(['SECRET'])
  })

  test('two callers to whom the same is denied share one plan, whatever else they may do', async () => {
    const operation = 'query Shared { either me { name email } }'
    const prepared = (scopes: string[]) => engine.prepare(operation, null, variantFor({ scopes }))
    const one = await prepared(['a', 'b'])
    expect(await prepared(['c', 'places', 'unheard of'])).toBe(one)
    expect(await prepared(['a', 'b', 'mail'])).not.toBe(one)
    expect(await prepared(['mail'])).not.toBe(one)
  })

  test('an operation that no rule touches has one plan for everybody', async () => {
    const operation = 'query Open { hello me { name } }'
    const nobody = await engine.prepare(operation, null, variantFor({}))
    expect(await engine.prepare(operation, null, all)).toBe(nobody)
  })
})

describe('rules', () => {
  const rules = rulesOf(supergraph)

  test('are those of every field, of its types and of what is read for it', () => {
    expect(rules.get('Person.wealth')).toEqual({ scopes: [[['pay']]], policies: [] })
    expect(rules.get('Cover.inside')).toEqual({ scopes: [], policies: [] })
    expect(rules.get('Owned.owner')).toEqual(rules.get('Holder.owner'))
    expect(rules.has('Query.hello')).toBe(false)
    expect(rules.has('Person.name')).toBe(false)
  })

  test('stay without the guard that is taken away, and only that', () => {
    const fewer = rulesWithout(['Person.email'])
    expect([...rules.keys()].filter((key) => !fewer.has(key))).toEqual(['Person.email'])
  })
})
