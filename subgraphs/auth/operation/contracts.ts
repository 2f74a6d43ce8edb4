import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildSchema, type GraphQLSchema, parse } from 'graphql'
import { type Weights, weightsOf } from '#kit/cost/weights'
import type { Contract } from '#schema/contracts'

/** What clients may ask for, and what it costs, as the files say that the gateway serves. */
export type Contracts = {
  /** Rejects when the file cannot be read. */
  schemaOf(contract: Contract): Promise<GraphQLSchema>
  weights(): Promise<Weights>
}

/** Of the folder that composition writes. A file is read anew each time and built when it changed. */
export function contractsIn(folder: string): Contracts {
  const schemas = new Map<Contract, () => Promise<GraphQLSchema>>()
  const schemaIn = (contract: Contract) => {
    const file = join(folder, 'contracts', `${contract}.graphql`)
    const made = schemas.get(contract) ?? builtFrom(file, (sdl) => buildSchema(sdl))
    schemas.set(contract, made)
    return made()
  }
  const weights = builtFrom(join(folder, 'supergraph.graphql'), (sdl) =>
    weightsOf(parse(sdl, { noLocation: true })),
  )
  return { schemaOf: schemaIn, weights }
}

/** Built again when the file says something else. */
function builtFrom<Built>(file: string, build: (text: string) => Built): () => Promise<Built> {
  let last: { readonly text: string; readonly built: Built } | undefined
  return async () => {
    const text = await readFile(file, 'utf8')
    if (last?.text !== text) last = { text, built: build(text) }
    return last.built
  }
}
