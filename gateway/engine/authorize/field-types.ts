import { type DocumentNode, Kind, type OperationTypeNode } from 'graphql'
import { namedTypeOf } from '#kit/document/named-type'
import { coordinate } from './rules.ts'

/** What a graph's fields return, by `Type.field`, without lists and nulls. */
export type FieldTypes = {
  readonly fields: ReadonlyMap<string, string>
  readonly roots: Readonly<Record<OperationTypeNode, string>>
}

export function fieldTypesOf({ definitions }: DocumentNode): FieldTypes {
  const schema = definitions.find((node) => node.kind === Kind.SCHEMA_DEFINITION)
  const named = schema?.kind === Kind.SCHEMA_DEFINITION ? schema.operationTypes : []
  const rootOf = (kind: string, byDefault: string) =>
    named.find(({ operation }) => operation === kind)?.type.name.value ?? byDefault
  const fields = definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION
      ? (node.fields ?? []).map(
          ({ name, type }) => [coordinate(node.name.value, name.value), namedTypeOf(type)] as const,
        )
      : [],
  )
  return {
    fields: new Map(fields),
    roots: {
      query: rootOf('query', 'Query'),
      mutation: rootOf('mutation', 'Mutation'),
      subscription: rootOf('subscription', 'Subscription'),
    },
  }
}
