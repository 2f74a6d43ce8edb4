import { rulesOf } from '../../gateway/engine/authorize/rules.ts'
import { createCompiledEngine } from '../../gateway/engine/compiled.ts'
import type { Engine } from '../../gateway/engine/engine.ts'
import { createStitchedEngine } from '../../gateway/engine/stitched/index.ts'
import { supergraphFrom } from '../../gateway/engine/supergraph/index.ts'
import { forwarding } from '../../gateway/engine/transport/credentials.ts'
import { transportTo } from '../../gateway/engine/transport/index.ts'
import { createLog } from '../../kit/log.ts'
import { subgraphNames } from './graph.ts'
import { namings, plain } from './naming.ts'
import { subgraphsOf } from './subgraphs.ts'

const engines = { stitched: createStitchedEngine, compiled: createCompiledEngine }

export type EngineName = keyof typeof engines
export const isEngine = (name: string): name is EngineName => name in engines

type Making = {
  readonly name: EngineName
  readonly sdl: string
  /** Whether its subgraphs are in this process. */
  readonly isLocal: boolean
  /** Whether equal subgraph requests in flight are one. */
  readonly sharing: boolean
}

/** One of our engines over the subgraphs of a supergraph. */
export function engineFrom({ name, sdl, isLocal, sharing }: Making): Engine {
  const supergraph = supergraphFrom(sdl)
  const urlOf = (subgraph: string) =>
    new RegExp(`"${subgraph}",? *url: "([^"]+)"`).exec(sdl)?.[1] ?? ''
  const naming = namings.find((one) => urlOf('accounts').includes(`/${one.name}/`)) ?? plain
  const local = subgraphsOf(naming)
  const deps = {
    log: createLog({ service: 'gateway', write: (line) => process.stderr.write(line) }),
    ...{ credentials: forwarding([]), settings: { sharing } },
  }
  const transports = subgraphNames.map((subgraph) => {
    const answer = local.get(subgraph) ?? (() => '')
    const fetch = async (request: Request) => {
      const text = await answer(await request.text())
      // As graphql-yoga does, in which the product's own subgraphs run.
      const length = String(Buffer.byteLength(text))
      const headers = { 'content-type': 'application/json', 'content-length': length }
      return new Response(text, { headers })
    }
    const way = isLocal ? { fetch } : { url: urlOf(subgraph) }
    return [subgraph, transportTo({ name: subgraph, ...way }, deps)] as const
  })
  const rules = rulesOf(supergraph)
  return engines[name]({ supergraph, rules, transports: new Map(transports) })
}
