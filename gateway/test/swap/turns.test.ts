import { expect, test } from 'bun:test'
import { rulesOf } from '../../engine/authorize/rules.ts'
import { createCompiledEngine } from '../../engine/compiled.ts'
import type { Engine } from '../../engine/engine.ts'
import { selfTest } from '../../engine/self-test/index.ts'
import { supergraphFrom } from '../../engine/supergraph/index.ts'
import { prepareRegistered } from '../../operations/prepare-registered.ts'
import { fakeSupergraph } from '../fake-subgraphs.ts'

const workMs = 10

const work = () => {
  const end = performance.now() + workMs
  while (performance.now() < end);
}

/** The most pieces of work that were done while nobody else had a turn. */
async function mostAtOnce(run: (piece: () => void) => Promise<unknown>) {
  let pieces = 0
  let most = 0
  let isOver = false
  const turn = () => {
    most = Math.max(most, pieces)
    pieces = 0
    if (!isOver) setTimeout(turn, 0)
  }
  setTimeout(turn, 0)
  await run(() => {
    pieces += 1
    work()
  })
  isOver = true
  turn()
  return most
}

test('requests have their turn while registered operations are prepared', async () => {
  const supergraph = supergraphFrom(fakeSupergraph)
  const rules = rulesOf(supergraph)
  const transports = new Map(
    [...supergraph.subgraphNames.values()].map((name) => [name, async () => '{}']),
  )
  const own = createCompiledEngine({ supergraph, rules, transports })
  const operations = Array.from({ length: 10 }, (_, index) => {
    const document = `query Hello${index} { hello }`
    return { name: `Hello${index}`, document }
  })
  const most = await mostAtOnce((piece) => {
    const prepare: Engine['prepare'] = (...asked) => {
      piece()
      return own.prepare(...asked)
    }
    return prepareRegistered({ operations, engine: { prepare }, log: { info: () => {} } })
  })
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThanOrEqual(2)
})

test('requests have their turn while rules are tried', async () => {
  const supergraph = supergraphFrom(fakeSupergraph)
  let tried = 0
  const most = await mostAtOnce((piece) =>
    selfTest({
      supergraph,
      graphOver: () => async () => {
        tried += 1
        piece()
        return Response.json({ errors: [{ extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }] })
      },
    }),
  )
  expect(tried).toBeGreaterThan(2)
  expect(most).toBeLessThanOrEqual(2)
})
