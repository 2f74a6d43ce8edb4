import {
  buildASTSchema,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNullableType,
  graphql,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isRequiredInputField,
} from 'graphql'
import { z } from 'zod'
import type { Transport } from '../transport/transport.ts'

/** The supergraph itself as a schema: all its fields stand on one another as in the subgraphs. */
export const schemaOf = (document: DocumentNode): GraphQLSchema =>
  buildASTSchema(document, { assumeValid: true, assumeValidSDL: true })

const Asked = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()) })

/**
 * A transport to subgraphs that answer everything they are asked, with made-up values. `asked` is
 * told the name of each field that a subgraph had to resolve.
 */
export const placeholderTransport =
  (schema: GraphQLSchema, asked: (field: string) => void): Transport =>
  async ({ body }) => {
    const { query, variables } = Asked.parse(JSON.parse(body))
    const result = await graphql({
      schema,
      source: query,
      variableValues: variables,
      fieldResolver: (_source, _args, _context, { fieldName, returnType }) => {
        asked(fieldName)
        return placeholderOf(returnType)
      },
      typeResolver: (_value, _context, _info, abstractType) =>
        schema.getPossibleTypes(abstractType)[0]?.name,
    })
    return JSON.stringify(result)
  }

const scalars: Readonly<Record<string, { readonly value: unknown; readonly literal: string }>> = {
  Int: { value: 1, literal: '1' },
  Float: { value: 1, literal: '1' },
  Boolean: { value: true, literal: 'true' },
}

function placeholderOf(type: GraphQLOutputType): unknown {
  const nullable = getNullableType(type)
  if (isListType(nullable)) return [placeholderOf(nullable.ofType)]
  if (isEnumType(nullable)) return nullable.getValues()[0]?.value
  if (isLeafType(nullable)) return scalars[nullable.name]?.value ?? 'probe'
  return {}
}

/** A literal that the type accepts; a scalar of our own is taken to be written as a string. */
export function literalOf(type: GraphQLInputType): string {
  const nullable = getNullableType(type)
  if (isListType(nullable)) return '[]'
  if (isEnumType(nullable)) return nullable.getValues()[0]?.name ?? 'null'
  if (!isInputObjectType(nullable)) return scalars[nullable.name]?.literal ?? '"probe"'
  const required = Object.values(nullable.getFields()).filter(isRequiredInputField)
  return `{${required.map(({ name, type }) => `${name}: ${literalOf(type)}`).join(' ')}}`
}
