import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql'

/** Beyond these a client learns nothing new, and we would still pay for finding them. */
const errorsMax = 10

/**
 * The document, parsed and valid for the schema. Throws a GraphQLError, or an AggregateError of
 * them.
 */
export function documentFrom(schema: GraphQLSchema, text: string): DocumentNode {
  const document = parse(text)
  const errors = validate(schema, document, undefined, { maxErrors: errorsMax })
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
