import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { rulesOf } from '../../engine/authorize/rules.ts'
import { supergraphFrom } from '../../engine/supergraph/index.ts'
import { engines } from '../federation/harness/engines.ts'
import { ways } from '../federation/harness/world.ts'
import { allowed, cases, casesFor, denials, outcomeOf, variantFor } from './run.ts'
import { rulesWithout, sdl, supergraph, world } from './world.ts'

const { journal } = world
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
    expect(await outcomeOf(guarded, one)).toEqual({
      data: JSON.stringify(one.data),
      errors: denials(one.denied),
    })
    expect(journal.invalid).toEqual([])
    const sent = journal.asked.map(({ query, variables }) => query + JSON.stringify(variables))
    if (one.unsent) expect(sent.join('\n')).not.toMatch(new RegExp(`\\b(${one.unsent})\\b`))
    if (one.asked)
      expect(new Set(journal.asked.map(({ subgraph }) => subgraph))).toEqual(new Set(one.asked))

    const open = world.engine(chosen, way, rulesWithout(one.guards))
    expect(await outcomeOf(open, one)).toEqual({ data: JSON.stringify(one.open), errors: [] })
  })
})

describe.each(engines)('who is allowed, by the $name engine', (named) => {
  const engine = world.engine(named, 'local')

  test.each(casesFor(named.name))('reads all of it: $name', async (one) => {
    expect(await outcomeOf(engine, one, allowed)).toEqual({
      data: JSON.stringify(one.open),
      errors: [],
    })
  })

  test.each([
    ['either', ['a', 'b'], []],
    ['either', ['c'], []],
    ['vetted', [], ['p', 'q']],
    ['vetted', [], ['r']],
    ['both', ['a'], ['p']],
  ])('%s is open to %p with %p', async (field, scopes, policies) => {
    const outcome = await outcomeOf(engine, { operation: `{ ${field} }`, scopes, policies })
    expect(outcome).toEqual({ data: JSON.stringify({ [field]: 'SECRET' }), errors: [] })
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
    expect(await engine.prepare(operation, null, allowed)).toBe(nobody)
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

  const relinked = (name: string, as: string) =>
    sdl
      .replace(`/${name}/v0.1"`, `/${name}/v0.1", as: "${as}"`)
      .replaceAll(`@${name} `, `@${as} `)
      .replaceAll(`@${name}\n`, `@${as}\n`)
      .replaceAll(`@${name}(`, `@${as}(`)

  test.each([
    ['a link that renames @authenticated', relinked('authenticated', 'login')],
    ['a link that renames @requiresScopes', relinked('requiresScopes', 'needs')],
    ['a link that renames @policy', relinked('policy', 'vetting')],
    ['no links at all', sdl.replace(/^schema[^{]*\{/m, 'schema {')],
  ])('are the same under %s', (_, other) => {
    expect(other).not.toBe(sdl)
    const same = rulesOf(supergraphFrom(other))
    expect([...same].sort()).toEqual([...rules].sort())
  })
})
