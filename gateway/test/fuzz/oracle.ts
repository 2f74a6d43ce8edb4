import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type FieldNode,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isInterfaceType,
  isObjectType,
  Kind,
  OperationTypeNode,
  subscribe,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import type { Variant } from '../../engine/engine.ts'
import type { Construct } from './constructs.ts'
import type { Guard } from './draft.ts'
import type { Model } from './model.ts'
import { eventsOf, resolversOf } from './subgraphs.ts'
import type { Run } from './world.ts'

export type Operation = {
  readonly document: string
  readonly parsed: DocumentNode
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>>
}

/** What an operation is answered with; a subscription's events one after the other. */
export type Answers = readonly ExecutionResult[]

/** The answer of one plain schema that holds all the data, and knows who may read what. */
export async function oracleAnswers(
  { model, run, schema = model.schema }: { model: Model; run: Run; schema?: GraphQLSchema },
  operation: Operation,
  variant: Variant,
): Promise<Answers> {
  const denied = new Set<FieldNode>()
  const document = withoutDenied(model, operation.parsed, {
    ...{ variant, denied },
    seen: run.seen,
  })
  const { fieldResolver, typeResolver } = resolversOf({ model, subgraph: null, run })
  const guarded: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
    if (info.fieldNodes.every((node) => denied.has(node))) {
      run.seen.add('denied field')
      throw unauthorized()
    }
    return fieldResolver(source, args, context, info)
  }
  const call = {
    ...{ schema, document, typeResolver, fieldResolver: guarded },
    variableValues: operation.variables,
    operationName: operation.operationName,
  }
  const main = getOperationAST(document, operation.operationName)
  const isDenied = main?.selectionSet.selections.some(
    (node) => node.kind === Kind.FIELD && denied.has(node),
  )
  // A stream that is denied does not open: its one answer is that of the field.
  const isStream = main?.operation === OperationTypeNode.SUBSCRIPTION
  if (!isStream || isDenied) return [await execute(call)]
  const result = await subscribe({ ...call, subscribeFieldResolver: eventsOf })
  return Symbol.asyncIterator in result ? Array.fromAsync(result) : [result]
}

const unauthorized = () =>
  new GraphQLError('Unauthorized field or type', {
    extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' },
  })

type Denying = {
  readonly variant: Variant
  readonly denied: Set<FieldNode>
  readonly seen: Set<Construct>
}

/**
 * Finds the fields that the caller may not read where they are written. Below them nothing is
 * selected, for where another field of the same name may be read.
 */
function withoutDenied(
  model: Model,
  document: DocumentNode,
  { variant, denied, seen }: Denying,
): DocumentNode {
  const types = new TypeInfo(model.schema)
  return visit(
    document,
    visitWithTypeInfo(types, {
      [Kind.FIELD]: (node: FieldNode) => {
        const parent = types.getParentType()
        const type = types.getType()
        if (!parent || !type) return undefined
        const guards = guardsOf(model, parent.name, node.name.value)
        const ofType = typeGuardsOf(model, getNamedType(type))
        const all = [...guards, ...ofType].filter((guard) => guard !== undefined && guard !== null)
        for (const { policies } of all) if (policies) seen.add('@policy')
        if (model.entities.has(parent.name) && model.guards.has(parent.name))
          seen.add('guarded type')
        if (isInterfaceType(parent) && guards.some(Boolean))
          seen.add('guarded field of an interface')
        if (all.every((guard) => passes(guard, variant))) return undefined
        const emptied = node.selectionSet ? { ...node, selectionSet: nothing } : { ...node }
        denied.add(emptied)
        return emptied
      },
    }),
  )
}

const nothing = { kind: Kind.SELECTION_SET, selections: [] } as const

/** Composition puts on an interface what is on any of the types that implement it. */
const typeGuardsOf = ({ schema, guards }: Model, type: GraphQLNamedType) =>
  [type, ...(isInterfaceType(type) ? schema.getPossibleTypes(type) : [])].map(({ name }) =>
    guards.get(name),
  )

/** Of an interface's field, also those of every implementation. */
function guardsOf({ schema, facts, guards }: Model, typeName: string, field: string) {
  const type = schema.getType(typeName)
  const objects = isInterfaceType(type)
    ? [type, ...schema.getPossibleTypes(type)]
    : isObjectType(type)
      ? [type]
      : []
  return objects.flatMap(({ name }) => [facts.get(`${name}.${field}`)?.guard, guards.get(name)])
}

const passes = ({ scopes, policies }: Guard, variant: Variant): boolean =>
  variant.authenticated &&
  (!scopes || scopes.some((all) => all.every((scope) => variant.scopes.has(scope)))) &&
  (!policies || policies.some((all) => all.every((policy) => variant.policies.has(policy))))
