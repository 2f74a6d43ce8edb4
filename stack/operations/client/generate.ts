import { type GraphQLSchema, parse } from 'graphql'
import { dataSchemaOf } from '../../../gateway/operations/json-schema/data.ts'
import { variablesSchemaOf } from '../../../gateway/operations/json-schema/variables.ts'
import { plainText } from '../../../gateway/operations/plain-text.ts'
import type { RegisteredOperation } from '../../../gateway/operations/registry.ts'
import { commentOf, typeOf } from './types.ts'

export type ClientSource = {
  readonly client: string
  readonly operations: readonly RegisteredOperation[]
  readonly schema: GraphQLSchema
}

type Runtime = {
  /** The text of `runtime.ts`, which every client begins with. */
  readonly runtime: string
}

/**
 * A client in one file, which needs nothing but `fetch`; the same text whenever it is made of the
 * same. Of two operations of one name the first counts. Throws when one does not fit the schema.
 */
export function clientText({
  client,
  operations,
  schema,
  runtime,
}: ClientSource & Runtime): string {
  const named = new Map(operations.toReversed().map((one) => [one.name, one]))
  const parts = [...named.values()]
    .filter(({ kind }) => kind !== 'subscription')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((operation) => partsOf(operation, schema))
  return [
    `// Made by \`bun run operations client --client ${client}\`: make it anew, do not edit it.`,
    runtime.replace('export const operationOf', 'const operationOf').trimEnd(),
    ...parts.map(({ types }) => types),
    '',
    `/** One function for each operation that is registered for ${client}. */`,
    'export function createClient(client: ClientOptions) {',
    ...parts.map(({ binding }) => binding),
    '  return {',
    ...parts.map(({ member }) => member),
    '  }',
    '}',
    '',
    '/** What `createClient` makes. */',
    'export type PlexusClient = ReturnType<typeof createClient>',
    '',
  ].join('\n')
}

function partsOf(operation: RegisteredOperation, schema: GraphQLSchema) {
  const { name, hash, kind, contract } = operation
  const document = parse(operation.document, { noLocation: true })
  const input = variablesSchemaOf(schema, document)
  const words = plainText(operation.description ?? `The ${kind} ${name}.`)
  const member = name.charAt(0).toLowerCase() + name.slice(1)
  // A name of its own: `Delete` and `Client` are names of operations, too.
  const run = `run${name}`
  const isPublic = kind === 'query' && contract === 'public'
  const variables = `${name}Variables`
  const defaulted = input.required.length === 0 ? ' = {}' : ''
  return {
    types: [
      '',
      commentOf(`What goes into ${name}.`),
      `export type ${variables} = ${typeOf(input, 'variables')}`,
      '',
      commentOf(`What comes out of ${name}.`),
      `export type ${name}Data = ${typeOf(dataSchemaOf(schema, document), 'data')}`,
    ].join('\n'),
    binding: [
      `  const ${run} = operationOf(client, {`,
      `    id: 'sha256:${hash}',`,
      `    kind: '${kind}',`,
      `    isPublic: ${isPublic},`,
      '  })',
    ].join('\n'),
    member: [
      `    ${commentOf(words)}`,
      `    ${member}: (variables: ${variables}${defaulted}, options?: CallOptions) =>`,
      `      ${run}<${name}Data>(variables, options),`,
    ].join('\n'),
  }
}
