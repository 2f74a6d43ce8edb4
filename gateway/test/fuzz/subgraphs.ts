import { buildSubgraphSchema } from '@apollo/subgraph'
import {
  type DocumentNode,
  ExecutableDefinitionsRule,
  type ExecutionResult,
  execute,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  type GraphQLTypeResolver,
  isAbstractType,
  Kind,
  LoneAnonymousOperationRule,
  NoFragmentCyclesRule,
  NoUnusedFragmentsRule,
  OperationTypeNode,
  parse,
  specifiedRules,
  subscribe,
  UniqueFragmentNamesRule,
  UniqueOperationNamesRule,
  type ValidationRule,
  validate,
} from 'graphql'
import { z } from 'zod'
import type { Entity } from './draft.ts'
import type { Instance } from './instance.ts'
import type { Model } from './model.ts'
import {
  isMissing,
  missingError,
  numberIn,
  type Run,
  shownAs,
  type View,
  valueAt,
} from './world.ts'

const Body = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
})

type Events = AsyncIterable<string>

/** A subgraph that answers the text of a request by graphql-js, without a server. */
export type Subgraph = {
  readonly name: string
  /** Throws for what is no valid request. */
  readonly answer: (body: string, kind: OperationTypeNode) => Promise<string | Events>
}

export const subgraphsOf = (model: Model, run: Run): readonly Subgraph[] =>
  Object.entries(model.subgraphs).map(([name, sdl]) => {
    const view = { model, subgraph: name, run }
    const graph = { view, schema: subgraphSchema(view, sdl), documents: new Map() }
    return { name, answer: (body, kind) => answered(graph, body, kind) }
  })

function subgraphSchema(view: View, sdl: string): GraphQLSchema {
  const schema = buildSubgraphSchema({ typeDefs: parse(sdl) })
  const entity = schema.getType('_Entity')
  if (isAbstractType(entity)) entity.resolveType = (value) => Object(value).__typename
  const entities = schema.getQueryType()?.getFields()._entities
  if (entities)
    entities.resolve = (_, { representations }) =>
      representations.map((stated: Stated) => referenced(view, stated))
  return schema
}

type Stated = Readonly<Record<string, unknown>>

/** Null, or an error as the value, for an object that this subgraph does not know. */
function referenced(view: View, stated: Stated): Instance | Error | null {
  const entity = entityNamed(view.model, String(stated.__typename))
  const number = numberIn(entity, stated)
  const subgraph = view.subgraph ?? ''
  const way = isMissing(number) ? entity.lost.get(subgraph) : undefined
  if (way) return way === 'null' ? null : missingError(entity, subgraph)
  return { __typename: shownAs(view, entity, number), number, owners: [subgraph], stated }
}

function entityNamed({ entities }: Model, name: string): Entity {
  const found =
    entities.get(name) ??
    [...entities.values()].find(({ implementations }) => implementations.includes(name))
  if (!found) throw new Error(`There are no references to ${name}.`)
  return found
}

type Graph = {
  readonly view: View
  readonly schema: GraphQLSchema
  /** By their text, all that were valid so far. */
  readonly documents: Map<string, DocumentNode>
}

/** They tell the definitions of one document from each other. */
const amongDefinitions: ReadonlySet<ValidationRule> = new Set([
  ExecutableDefinitionsRule,
  LoneAnonymousOperationRule,
  NoFragmentCyclesRule,
  NoUnusedFragmentsRule,
  UniqueFragmentNamesRule,
  UniqueOperationNamesRule,
])

const ofOneOperation = specifiedRules.filter((rule) => !amongDefinitions.has(rule))

const rulesFor = ({ definitions }: DocumentNode): readonly ValidationRule[] =>
  definitions.length === 1 && definitions[0]?.kind === Kind.OPERATION_DEFINITION
    ? ofOneOperation
    : specifiedRules

function documentOf({ view, schema, documents }: Graph, query: string): DocumentNode {
  const known = documents.get(query)
  if (known) return known
  const document = parse(query, { noLocation: true })
  const [error] = validate(schema, document, rulesFor(document))
  if (error) throw new Error(`Not for ${view.subgraph}: ${error.message}\n${query}`)
  documents.set(query, document)
  return document
}

async function answered(graph: Graph, body: string, kind: OperationTypeNode) {
  const { query, variables, operationName } = Body.parse(JSON.parse(body))
  const { view, schema } = graph
  const call = {
    ...{ schema, document: documentOf(graph, query), ...resolversOf(view) },
    variableValues: variables ?? {},
    operationName: operationName ?? null,
  }
  if (kind !== OperationTypeNode.SUBSCRIPTION) return JSON.stringify(await execute(call))
  const result = await subscribe({ ...call, subscribeFieldResolver: eventsOf })
  return Symbol.asyncIterator in result ? textsOf(result) : JSON.stringify(result)
}

async function* textsOf(results: AsyncIterable<ExecutionResult>): Events {
  for await (const result of results) yield JSON.stringify(result)
}

/** As many events as the argument says; the number of each is what its field is of. */
export async function* eventsOf(_source: unknown, args: Stated): AsyncGenerator<Instance, void> {
  const count = Math.max(0, Math.min(3, Number(args.n)))
  for (let number = 0; number < count; number += 1)
    yield { __typename: 'Subscription', number, owners: [] }
}

/** How graphql-js resolves whatever the view shows. */
export const resolversOf = (view: View): Resolvers => ({
  fieldResolver: fieldResolverOf(view),
  typeResolver: (value) => Object(value).__typename,
})

type Resolvers = {
  readonly fieldResolver: GraphQLFieldResolver<unknown, unknown>
  readonly typeResolver: GraphQLTypeResolver<unknown, unknown>
}

const fieldResolverOf =
  (view: View): GraphQLFieldResolver<unknown, unknown> =>
  (source, args, _context, { parentType, fieldName }) =>
    valueAt(view, {
      coordinate: `${parentType.name}.${fieldName}`,
      source: instanceFrom(source),
      args,
    })

const instanceFrom = (source: unknown): Instance | null =>
  // The root has no source; everything else is what `valueAt` returned.
  (source ?? null) as Instance | null
