import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type FieldNode,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isInterfaceType,
  isObjectType,
  Kind,
  OperationTypeNode,
  parse,
  subscribe,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import type { Variant } from '../../engine/engine.ts'
import type { Guard } from './draft.ts'
import type { Model } from './model.ts'
import { eventsOf, resolversOf } from './subgraphs.ts'
import type { Run } from './world.ts'

export type Operation = {
  readonly document: string
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
  const document = withoutDenied(model, parse(operation.document), { variant, denied })
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

type Denying = { readonly variant: Variant; readonly denied: Set<FieldNode> }

/**
 * Finds the fields that the caller may not read where they are written. Below them nothing is
 * selected, for where another field of the same name may be read.
 */
function withoutDenied(
  model: Model,
  document: DocumentNode,
  { variant, denied }: Denying,
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
        guards.push(model.guards.get(getNamedType(type).name))
        if (guards.every((guard) => !guard || passes(guard, variant))) return undefined
        const emptied = node.selectionSet ? { ...node, selectionSet: nothing } : { ...node }
        denied.add(emptied)
        return emptied
      },
    }),
  )
}

const nothing = { kind: Kind.SELECTION_SET, selections: [] } as const

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

const passes = ({ scopes }: Guard, variant: Variant): boolean =>
  variant.authenticated &&
  (!scopes || scopes.some((all) => all.every((scope) => variant.scopes.has(scope))))
