import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { rejectingEngine } from '../../engine/authorize/reject.ts'
import { engines } from '../federation/harness/engines.ts'
import { setups, startHarness } from '../harness.ts'
import { allowed, casesFor, denials, outcomeOf, variantFor } from './run.ts'
import { world } from './world.ts'

const { journal } = world

beforeEach(() => {
  journal.asked.length = 0
})
afterAll(world.stop)

/** A path says where the client asked, not which object it was: nothing was read. */
const placesOf = (paths: readonly string[]) => [
  ...new Set(paths.map((path) => path.replace(/\.\d+/g, ''))),
]

describe.each(engines)('the $name engine that rejects', (named) => {
  const { name, create } = named
  const rejecting = {
    name,
    create: (deps: Parameters<typeof create>[0]) => rejectingEngine(create(deps), deps),
  }
  const engine = world.engine(rejecting, 'local')

  test.each(casesFor(name))('answers nothing: $name', async (one) => {
    const { data, errors } = await outcomeOf(engine, one)
    expect(errors).toEqual(denials(placesOf(one.denied)))
    expect(data).toBe(one.isStream ? '[null]' : undefined)
    expect(journal.asked).toEqual([])
  })

  test.each(casesFor(name))('answers all of it to who is allowed: $name', async (one) => {
    expect(await outcomeOf(engine, one, allowed)).toEqual({
      data: JSON.stringify(one.open),
      errors: [],
    })
  })

  test('what is skipped is not asked for', async () => {
    const operation =
      'query ($no: Boolean = false) { secret @include(if: $no) ... @skip(if: true) { vital } hello }'
    const outcome = await outcomeOf(engine, { operation })
    expect(outcome).toEqual({ data: '{"hello":"world"}', errors: [] })
    const asked = await outcomeOf(engine, { operation, variables: { no: true } })
    expect(asked).toEqual({ data: undefined, errors: denials(['secret']) })
  })

  test('callers to whom the same is denied share one refusal', async () => {
    const operation = 'query Rejected { either secret }'
    const prepared = (scopes: string[]) => engine.prepare(operation, null, variantFor({ scopes }))
    expect(await prepared(['a'])).toBe(await prepared(['b', 'mail']))
    expect(engine.known?.(operation, null, variantFor({ scopes: [] }))).toBe(await prepared([]))
  })
})

describe.each(setups)('%s', (_, setup) => {
  const graph = startHarness({ ...setup, unauthorized: 'reject' })
  const filtering = startHarness(setup)
  afterAll(() => Promise.all([graph.stop(), filtering.stop()]))
  beforeEach(() => {
    graph.asked.length = 0
  })

  test('the whole request is refused with 403 and every denied path', async () => {
    const query = '{ hello secret people { name email } }'
    const { status, data, errors } = await graph.ask(query)
    expect([status, data]).toEqual([403, undefined])
    expect(errors?.map(({ path, extensions }) => [path?.join('.'), extensions.code])).toEqual([
      ['secret', 'UNAUTHORIZED_FIELD_OR_TYPE'],
      ['people.email', 'UNAUTHORIZED_FIELD_OR_TYPE'],
    ])
    expect(graph.asked).toEqual([])
    expect((await filtering.ask(query)).data).toMatchObject({ hello: 'world', secret: null })
  })

  test('one that denies nothing is answered', async () => {
    expect((await graph.ask('{ hello me { name } }')).data).toEqual({
      hello: 'world',
      me: { name: 'Ada' },
    })
  })

  test('a mutation that is denied in part changes nothing', async () => {
    const { status } = await graph.ask('mutation { touch rename(name: "x") { name } }')
    expect([status, graph.asked]).toEqual([403, []])
  })
})
