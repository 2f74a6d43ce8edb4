import { createHash } from 'node:crypto'
import type { Log } from '#kit/log'
import type { Metrics } from '#kit/metrics'
import type { Engine } from './engine/engine.ts'
import { createSwappableEngine } from './engine/swap.ts'

/** What is made of one supergraph: at least an engine. */
export type Built = { readonly engine: Engine }

/** What became of a supergraph that was offered. */
export type Offered = 'swapped' | 'refused' | 'unchanged'

export type LiveGraph<Of extends Built> = {
  /** Answers by the graph that is current when an operation arrives. */
  readonly engine: Engine
  current(): Of
  /**
   * Swaps the graph in when it is as good as the one at the start had to be. Never rejects: one that
   * is not is told to the log, and the graph that is served stays. One after the other.
   */
  offer(sdl: string): Promise<Offered>
}

type Options<Of extends Built> = {
  readonly sdl: string
  /** Everything that has to be true of a graph before it answers anybody; rejects otherwise. */
  readonly build: (sdl: string) => Promise<Of>
  readonly log: Pick<Log, 'info' | 'error'>
  readonly metrics: Pick<Metrics, 'counter'>
}

/** Rejects when the first graph is not good enough. */
export async function createLiveGraph<Of extends Built>(
  options: Options<Of>,
): Promise<LiveGraph<Of>> {
  const { build, log, metrics } = options
  let current = await build(options.sdl)
  let hash = hashOf(options.sdl)
  const engine = createSwappableEngine(current.engine)
  const count = metrics.counter({
    name: 'supergraph_offers_total',
    help: 'Supergraphs that were offered while serving, by what became of them.',
    labels: ['outcome'],
  })
  const swapped = async (sdl: string): Promise<Offered> => {
    const offered = hashOf(sdl)
    if (offered === hash) return 'unchanged'
    try {
      const next = await build(sdl)
      current = next
      hash = offered
      engine.swap(next.engine)
      log.info(`Serving supergraph ${short(offered)}`)
      return 'swapped'
    } catch (error) {
      log.error(`Supergraph ${short(offered)} was refused; ${short(hash)} is served on`, error)
      return 'refused'
    }
  }
  let last: Promise<unknown> = Promise.resolve()
  return {
    engine,
    current: () => current,
    offer: (sdl) => {
      const offered = last.then(() => swapped(sdl))
      last = offered
      return offered.then((outcome) => {
        count({ outcome })
        return outcome
      })
    },
  }
}

const hashOf = (sdl: string) => createHash('sha256').update(sdl).digest('hex')
const short = (hash: string) => hash.slice(0, 12)
