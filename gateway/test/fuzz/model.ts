import {
  composeServices,
  transformSupergraphToPublicSchema,
} from '@theguild/federation-composition'
import {
  buildASTSchema,
  type DocumentNode,
  type GraphQLSchema,
  isTypeDefinitionNode,
  Kind,
  parse,
  type TypeDefinitionNode,
  visit,
} from 'graphql'
import { oneIn, seeded } from './choices.ts'
import { type Definition, type Draft, newDraft } from './draft.ts'
import { drawInterface, drawInterfaceObject, drawUnion } from './draw/abstract.ts'
import {
  drawNullability,
  drawOverride,
  drawOverrideWithLabel,
  drawProvides,
  drawRequires,
  drawRequiresWithArguments,
  drawRequiresWithFragments,
} from './draw/directives.ts'
import { drawEntities } from './draw/entities.ts'
import { drawEnums, drawInaccessible, drawInputs, drawScalars } from './draw/inputs.ts'
import { drawRoots } from './draw/roots.ts'

/** A supergraph, its subgraphs, and what is true of their data. */
export type Model = Pick<Draft, 'facts' | 'entities' | 'guards'> & {
  readonly seed: number
  /** SDL by subgraph. */
  readonly subgraphs: Readonly<Record<string, string>>
  readonly supergraph: string
  /** What a client may ask. */
  readonly schema: GraphQLSchema
}

const names = ['ant', 'bee', 'cat', 'dog'] as const

const gadgets = [
  drawInterfaceObject,
  drawUnion,
  drawInterface,
  drawRequires,
  drawRequiresWithArguments,
  drawRequiresWithFragments,
  drawProvides,
  drawOverride,
  drawOverrideWithLabel,
  drawNullability,
  drawEnums,
  drawInputs,
  drawInaccessible,
  drawScalars,
] as const

/** Always the same for the same seed. Throws, with composition's words, when nothing composes. */
export function modelFrom(seed: number): Model {
  const choices = seeded(seed)
  const draft = newDraft(choices, names.slice(0, 3 + choices.below(2)))
  drawEntities(draft)
  for (const gadget of gadgets) if (!oneIn(choices, 3)) gadget(draft)
  drawRoots(draft)
  const subgraphs = Object.fromEntries(
    [...draft.definitions].map(([name, types]) => [name, sdlOf(types)]),
  )
  const { supergraphSdl, errors } = composeServices(
    Object.entries(subgraphs).map(([name, sdl]) => ({
      ...{ name, url: `http://${name}/graphql` },
      typeDefs: parse(sdl),
    })),
  )
  if (!supergraphSdl)
    throw new NotComposable(subgraphs, errors?.map(({ message }) => message) ?? [])
  const { facts, entities, guards } = draft
  return {
    ...{ seed, subgraphs, facts, entities, guards, supergraph: supergraphSdl },
    schema: buildASTSchema(publicDocumentOf(supergraphSdl)),
  }
}

/** Composition hides a type, and leaves its name in the unions that it is a member of. */
function publicDocumentOf(supergraph: string): DocumentNode {
  const document = transformSupergraphToPublicSchema(parse(supergraph))
  const known = new Set(document.definitions.filter(isTypeDefinitionNode).map(nameOf))
  return visit(document, {
    [Kind.UNION_TYPE_DEFINITION]: (node) => ({
      ...node,
      types: node.types?.filter(({ name }) => known.has(name.value)),
    }),
  })
}

const nameOf = ({ name }: TypeDefinitionNode) => name.value

/** The generator drew what is no supergraph: a fault of its own. */
export class NotComposable extends Error {
  constructor(subgraphs: Model['subgraphs'], messages: readonly string[]) {
    super(`${messages.join('\n')}\n${Object.values(subgraphs).join('\n')}`)
  }
}

const link = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override",
    "@inaccessible", "@interfaceObject", "@authenticated", "@requiresScopes", "@policy"]
)`

const sdlOf = (types: ReadonlyMap<string, Definition>): string =>
  [link, ...[...types].map(([name, definition]) => definitionOf(name, definition))].join('\n')

function definitionOf(name: string, definition: Definition): string {
  const { keyword, directives, interfaces, fields, members } = definition
  const implementing = interfaces.size > 0 ? `implements ${[...interfaces].join(' & ')}` : ''
  const head = [keyword, name, implementing, ...directives].filter(Boolean).join(' ')
  if (keyword === 'scalar') return head
  if (keyword === 'union') return `${head} = ${[...members].join(' | ')}`
  const lines = keyword === 'enum' ? members : fields.values()
  return `${head} {\n${[...lines].map((line) => `  ${line.trimEnd()}`).join('\n')}\n}`
}
