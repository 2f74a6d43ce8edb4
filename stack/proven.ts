import { join } from 'node:path'
import { subgraphs } from '#schema/subgraphs'
import { contractsOf } from '../gateway/contract-graph.ts'
import { requireWithinContracts } from '../gateway/contract-operations.ts'
import { rulesOf } from '../gateway/engine/authorize/rules.ts'
import { createCompiledEngine } from '../gateway/engine/compiled.ts'
import { supergraphFrom } from '../gateway/engine/supergraph/index.ts'
import { prepareRegistered } from '../gateway/operations/prepare-registered.ts'
import { registryFrom } from '../gateway/operations/registry.ts'
import { proofOf } from '../gateway/proven.ts'

const textOf = (root: string, file: string) => Bun.file(join(root, 'schema', file)).text()

/**
 * Holds the registered operations against the graph as a gateway does at start, and gives what it writes into
 * `schema/proven.txt` of an image: a gateway that finds it there need not do so again. Rejects with UnfitError.
 */
export async function proveSchema(root: string): Promise<string> {
  const [sdl, operations] = await Promise.all([
    textOf(root, 'supergraph.graphql'),
    textOf(root, 'operations.json'),
  ])
  const supergraph = supergraphFrom(sdl)
  const own = registryFrom(operations).all()
  await requireWithinContracts(own, contractsOf(supergraph))
  const nowhere = () => Promise.reject(new Error('Nothing is asked here.'))
  const engine = createCompiledEngine({
    ...{ supergraph, rules: rulesOf(supergraph), eventMs: 1 },
    transports: new Map(subgraphs.map(({ name }) => [name, nowhere])),
  })
  await prepareRegistered({ operations: own, engine, log: { info: () => {} } })
  return proofOf({ supergraph: sdl, operations })
}
