/**
 * `bun run schema` prints each subgraph's SDL from its code, composes the supergraph and the graph
 * that clients see into `schema/`, and types that graph for the web client. `--check` writes
 * nothing and fails on a difference. `check` compares the contracts with the published ones, and
 * `publish` makes them what is compared with.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { composeServices, compositionHasErrors } from '@theguild/federation-composition'
import { type GraphQLSchema, parse } from 'graphql'
import { sdlOf } from '#kit/subgraph-sdl'
import { subgraphs } from '#schema/subgraphs'
import { ContractError } from '../gateway/contract-graph.ts'
import { registryFrom } from '../gateway/operations/registry.ts'
import { accessTable } from './schema/access.ts'
import { undatedDeprecations } from './schema/change/deprecations.ts'
import { checkChange, publishContracts } from './schema/change/main.ts'
import { clientTypesOf } from './schema/client-types.ts'
import { contractTexts } from './schema/contracts.ts'
import { breakingChanges, type Published, subgraphFaults } from './schema/publish-rules.ts'
import { withoutCacheControl } from './schema/without-cache-control.ts'

const root = join(import.meta.dir, '..')
const fileOf = (name: string) => join(root, 'schema', `${name}.graphql`)

/** Thrown when the subgraphs do not fit together; the message names each fault. */
export class CompositionError extends Error {
  constructor(faults: readonly string[]) {
    super(['The graph cannot be published:', ...faults.map((fault) => `  ${fault}`)].join('\n'))
    this.name = 'CompositionError'
  }
}

/**
 * The supergraph and the clients' graph of these subgraphs, which everything that is registered must
 * fit. Throws CompositionError.
 */
export function compose(
  parts: readonly { name: string; sdl: string }[],
  registered: readonly Published[] = [],
) {
  const services = parts.map(({ name, sdl }) => ({
    name,
    typeDefs: parse(sdl),
    url: `http://${name}/graphql`,
  }))
  const faults = subgraphFaults(services)
  if (faults.length > 0) throw new CompositionError(faults)
  const result = composeServices(services)
  if (compositionHasErrors(result))
    throw new CompositionError(result.errors.map(({ message }) => message))
  const broken = [
    ...undatedDeprecations(result.publicSdl),
    ...breakingChanges(result.publicSdl, registered),
  ]
  if (broken.length > 0) throw new CompositionError(broken)
  return { supergraph: result.supergraphSdl, api: withoutCacheControl(result.publicSdl) }
}

async function printed() {
  return Promise.all(
    subgraphs.map(async ({ name }) => {
      const { schema }: { schema: GraphQLSchema } = await import(`../subgraphs/${name}/schema.ts`)
      return { name, sdl: sdlOf(schema) }
    }),
  )
}

/** Every generated file with the text it should have. */
async function generatedFiles() {
  const parts = await printed()
  const registry = await readFile(join(root, 'schema/operations.json'), 'utf8')
  const { supergraph, api } = compose(parts, registryFrom(registry).all())
  return [
    ...parts.map(({ name, sdl }) => ({ file: fileOf(name), text: sdl })),
    { file: fileOf('supergraph'), text: `${supergraph.trim()}\n` },
    { file: fileOf('api'), text: `${api.trim()}\n` },
    ...contractTexts(supergraph).map(({ contract, text }) => ({
      ...{ file: fileOf(`contracts/${contract}`), text },
    })),
    { file: join(root, 'schema/access.md'), text: accessTable(supergraph) },
    { file: join(root, 'web/graphql-env.d.ts'), text: await clientTypesOf(api) },
  ]
}

/** The files that no longer say what the code says; empty when all is well. */
export async function schemaDrift(): Promise<string[]> {
  const files = await generatedFiles()
  const drifted = await Promise.all(
    files.map(async ({ file, text }) =>
      (await readFile(file, 'utf8').catch(() => '')) === text ? [] : [file.slice(root.length + 1)],
    ),
  )
  return drifted.flat()
}

const acts = new Map([
  ['check', checkChange],
  ['publish', publishContracts],
])

async function main([name = '', ...others]: readonly string[]) {
  const act = acts.get(name)
  if (act) {
    const asked = { args: others, env: process.env, today: new Date(), print: console.log }
    process.exit((await act(asked)) ? 0 : 1)
  }
  if (name === '--check') {
    const drifted = await schemaDrift()
    for (const file of drifted) console.error(`${file} is out of date. Run: bun run schema`)
    process.exit(drifted.length > 0 ? 1 : 0)
  }
  for (const { file, text } of await generatedFiles()) await writeFile(file, text)
  process.exit(0)
}

if (import.meta.main) {
  await main(process.argv.slice(2)).catch((error) => {
    const isFault = error instanceof CompositionError || error instanceof ContractError
    console.error(isFault ? error.message : error)
    process.exit(1)
  })
}
