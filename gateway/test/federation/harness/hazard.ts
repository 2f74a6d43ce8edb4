import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Case } from './case.ts'
import { compare } from './compare.ts'
import { type EngineName, engines } from './engines.ts'
import { type Guard, timesThere } from './guard.ts'
import type { Asked } from './subgraph.ts'
import { outcomeOf, type Subgraphs, ways, worldOf } from './world.ts'

export type Hazard = {
  readonly subgraphs: Subgraphs
  /** In the place of what our composition makes of the subgraphs. */
  readonly supergraph?: string
  /** Null for what no single line of the engine decides. */
  readonly guards: Guard | null
  readonly cases: readonly Case[]
  /** Puts the data back before each case, where mutations change it. */
  readonly reset?: () => unknown
}

const combinations = engines.flatMap((engine) => ways.map((way) => ({ ...engine, engine, way })))

/**
 * Runs every case on every engine over every transport, and compares with what the case expects.
 */
export function hazard({ subgraphs, supergraph, guards, cases, reset }: Hazard): void {
  const world = worldOf(subgraphs, supergraph)
  const { journal } = world
  beforeEach(() => {
    journal.asked.length = 0
    journal.invalid.length = 0
    reset?.()
  })
  afterAll(world.stop)

  describe.each(combinations)('the $name engine, $way', ({ name, engine: chosen, way }) => {
    const answered = cases.flatMap((one) => {
      const wanted = wantedFrom(name, one)
      return wanted === 'no answer' ? [] : [{ ...one, wanted }]
    })
    // It may not even be possible to make one.
    if (answered.length === 0) return
    const engine = world.engine(chosen, way)
    test.each(answered)('$name', async ({ wanted, ...one }) => {
      compare(await outcomeOf(engine, one), wanted)
      // Where it is known to be wrong, it may be so by what it asks.
      if (name === 'compiled' || !one.differs) expect(journal.invalid).toEqual([])
      if (one.asks && name === 'compiled') expect(countsOf(journal.asked)).toEqual(one.asks)
    })
  })

  if (guards)
    test('the line of the engine that this guards is where it is said to be', async () => {
      expect({ ...guards, times: await timesThere(guards) }).toEqual({ ...guards, times: 1 })
    })
}

const wantedFrom = (engine: EngineName, one: Case) =>
  engine === 'stitched' ? (one.differs?.stitched ?? one) : one

function countsOf(asked: readonly Asked[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { subgraph } of asked) counts[subgraph] = (counts[subgraph] ?? 0) + 1
  return counts
}
