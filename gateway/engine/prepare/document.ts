import {
  type ASTVisitor,
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  parse,
  type ValidationContext,
  validate,
} from 'graphql'
import { documentRules } from '#kit/document/rules'

/** Beyond these a client learns nothing new, and we would still pay for finding them. */
const errorsMax = 10

/**
 * Names with two underscores are the gateway's own and introspection's, and `__proto__` would reach
 * into objects.
 */
const ReservedNames = (context: ValidationContext): ASTVisitor => ({
  [Kind.FIELD]: (node: FieldNode) => {
    const { alias, name } = node
    if (!alias?.value.startsWith('__') || alias.value === name.value) return
    const message = `A response name may not begin with "__", as "${alias.value}" does.`
    context.reportError(new GraphQLError(message, { nodes: node }))
  },
})

const rules = [...documentRules, ReservedNames]

/**
 * The document, parsed and valid for the schema. Throws a GraphQLError, or an AggregateError of
 * them.
 */
export function documentFrom(schema: GraphQLSchema, text: string): DocumentNode {
  const document = parse(text)
  const errors = validate(schema, document, rules, { maxErrors: errorsMax })
  if (errors.length > 0) throw new AggregateError(errors, 'The document is not valid.')
  return document
}

/** Several errors of one field arrive inside one error; each of them is told. */
export function eachOf(error: GraphQLError): readonly GraphQLError[] {
  const { originalError } = error
  if (!(originalError instanceof AggregateError)) return [error]
  const inner: readonly unknown[] = originalError.errors
  return inner.every((one) => one instanceof GraphQLError) ? inner : [error]
}
