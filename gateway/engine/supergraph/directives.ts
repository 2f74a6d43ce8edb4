import {
  type ConstDirectiveNode,
  type DocumentNode,
  Kind,
  type SchemaDefinitionNode,
  type SchemaExtensionNode,
  valueFromASTUntyped,
} from 'graphql'

export type Carrier = { readonly directives?: readonly ConstDirectiveNode[] | undefined }

/** A directive's arguments as plain values. */
export const argumentsOf = (directive: ConstDirectiveNode): Record<string, unknown> =>
  Object.fromEntries(
    (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  )

/** The arguments of each use of one directive, in the order in which they stand there. */
export const usesOf = ({ directives = [] }: Carrier, name: string): Record<string, unknown>[] =>
  directives.filter((directive) => directive.name.value === name).map(argumentsOf)

export type SchemaNode = SchemaDefinitionNode | SchemaExtensionNode

export const isSchemaNode = (node: { kind: string }): node is SchemaNode =>
  node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION

const defaultRoots = [
  ['query', 'Query'],
  ['mutation', 'Mutation'],
  ['subscription', 'Subscription'],
] as const

/** The names of the root types; without a schema definition the ones that everybody uses. */
export function rootNamesIn({ definitions }: DocumentNode): ReadonlySet<string> {
  const named = definitions.filter(isSchemaNode).flatMap((node) => node.operationTypes ?? [])
  return new Set(
    named.length > 0
      ? named.map(({ type }) => type.name.value)
      : defaultRoots.map(([, name]) => name),
  )
}
