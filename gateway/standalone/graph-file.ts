import { readFile } from 'node:fs/promises'
import { GraphQLError } from 'graphql'
import { type Supergraph, subgraphUrlsOf, supergraphFrom } from '../engine/supergraph/index.ts'
import { SupergraphError } from '../engine/supergraph/refusals.ts'
import { type Registry, registryFrom } from '../operations/registry.ts'

/** What somebody has to mend before the graph can be served: said without a stack. */
export class GraphFileError extends Error {
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.name = 'GraphFileError'
  }
}

export type GraphFile = {
  readonly supergraphFile: string
  /** By subgraph name: where it answers, whatever the supergraph says. */
  readonly subgraphUrls: ReadonlyMap<string, string>
}

/** A supergraph, and where its subgraphs answer. */
export type ServedGraph = {
  readonly supergraph: Supergraph
  readonly urls: ReadonlyMap<string, string>
}

/** Throws GraphFileError. */
export async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new GraphFileError(`${file} cannot be read: ${reasonOf(cause)}.`, { cause })
  }
}

/** What is registered there; nothing without a file. Throws GraphFileError. */
export async function registryAt(file: string | null): Promise<Registry> {
  const text = file === null ? '[]' : await textOf(file)
  try {
    return registryFrom(text)
  } catch (cause) {
    const fault = cause instanceof Error ? cause.message : String(cause)
    throw new GraphFileError(`${file} is no list of registered operations: ${fault}`, { cause })
  }
}

const reasonOf = (cause: unknown) =>
  cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    ? 'there is no such file'
    : String(cause)

/** Throws GraphFileError. */
export function graphFrom(sdl: string, file: GraphFile): ServedGraph {
  const supergraph = parsed(sdl, file)
  const declared = subgraphUrlsOf(supergraph)
  const unknown = [...file.subgraphUrls.keys()].filter((name) => !declared.has(name))
  if (unknown.length > 0)
    throw new GraphFileError(
      `The supergraph has no subgraph ${unknown.join(', ')}; it has ${[...declared.keys()].join(', ')}.`,
    )
  return {
    supergraph,
    urls: new Map(
      [...declared].map(([name, url]) => [name, urlOf(name, file.subgraphUrls.get(name) ?? url)]),
    ),
  }
}

function parsed(sdl: string, { supergraphFile }: GraphFile): Supergraph {
  try {
    return supergraphFrom(sdl)
  } catch (cause) {
    if (cause instanceof SupergraphError)
      throw new GraphFileError(`${supergraphFile}: ${cause.message}`, { cause })
    if (!(cause instanceof GraphQLError)) throw cause
    const [place] = cause.locations ?? []
    const where = place ? `${supergraphFile}:${place.line}:${place.column}` : supergraphFile
    throw new GraphFileError(`${where} is not GraphQL: ${cause.message}`, { cause })
  }
}

function urlOf(name: string, url: string | null): string {
  if (url !== null && /^https?:$/.test(URL.parse(url)?.protocol ?? '')) return url
  const fault = url === null ? 'has no URL' : `has a URL that nobody can ask: ${url}`
  throw new GraphFileError(`Subgraph ${name} ${fault}. Say --subgraph ${name}=URL.`)
}
