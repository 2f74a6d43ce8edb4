import { type DocumentNode, type FieldNode, GraphQLError, Kind, parse, visit } from 'graphql'
import { AppError } from '../errors.ts'
import { measure, type Size } from './measure.ts'
import { comparisonsIn } from './overlap.ts'

/** What a document may hold at most. */
export type Limits = Size & {
  readonly characters: number
  readonly tokens: number
  /** Lists and objects inside each other, in values, and lists in the types of variables. */
  readonly valueDepth: number
  /** Of fields that share a name: validation takes time in proportion. */
  readonly comparisons: number
  readonly introspection: boolean
}

/** For everybody, and for registered documents as well. */
export const outsiderLimits: Limits = {
  characters: 20_000,
  tokens: 2_000,
  operations: 1,
  rootFields: 20,
  fields: 500,
  depth: 12,
  levels: 50,
  aliases: 30,
  directives: 20,
  valueDepth: 10,
  comparisons: 10_000,
  introspection: false,
}

/** For those who explore the graph: room for GraphiQL, whose documents hold many operations. */
export const explorerLimits: Limits = {
  characters: 100_000,
  tokens: 10_000,
  operations: 50,
  rootFields: 100,
  fields: 5_000,
  depth: 20,
  levels: 100,
  aliases: 200,
  directives: 100,
  valueDepth: 20,
  comparisons: 50_000,
  introspection: true,
}

const counted: readonly (readonly [keyof Size, string])[] = [
  ['operations', 'operations'],
  ['rootFields', 'root fields'],
  ['depth', 'levels of fields'],
  ['levels', 'levels of braces'],
  ['fields', 'fields'],
  ['aliases', 'aliases'],
  ['directives', 'directives'],
]

const tooComplex = (limit: number, what: string) =>
  new AppError('DOCUMENT_TOO_COMPLEX', `The document has more than ${limit} ${what}.`)

/**
 * The parsed document when it is within the limits; nothing here needs the schema. Throws a
 * GraphQLError for text that is no GraphQL, and AppError DOCUMENT_TOO_COMPLEX,
 * GRAPHQL_VALIDATION_FAILED or FORBIDDEN.
 */
export function admittedDocument(text: string, limits: Limits): DocumentNode {
  if (text.length > limits.characters) throw tooComplex(limits.characters, 'characters')
  const document = parsed(text, limits)
  requireWithin(document, limits)
  return document
}

/** Throws as `admittedDocument` does, in time that the limits bound. */
export function requireWithin(document: DocumentNode, limits: Limits): void {
  const size = measure(document)
  for (const [name, what] of counted)
    if (size[name] > limits[name]) throw tooComplex(limits[name], what)
  requireNodes(document, limits)
  if (comparisonsIn(document, limits.comparisons) > limits.comparisons)
    throw tooComplex(limits.comparisons, 'comparisons of fields that share a name')
}

function parsed(text: string, { tokens }: Limits): DocumentNode {
  try {
    return parse(text, { maxTokens: tokens })
  } catch (error) {
    // The words are those of graphql-js; it has no other sign.
    if (error instanceof GraphQLError && !error.message.includes(`more that ${tokens} tokens`))
      throw error
    // Anything else is nesting that outgrew the stack.
    throw tooComplex(tokens, 'tokens')
  }
}

const introspectionFields: ReadonlySet<string> = new Set(['__schema', '__type'])

const nesting: ReadonlySet<string> = new Set([Kind.LIST, Kind.OBJECT, Kind.LIST_TYPE])

/**
 * What single nodes may be. `__proto__` would reach into objects, and the engine marks its own
 * fields with two underscores. What is nested deeply outgrows the stack of whoever reads it.
 */
function requireNodes(document: DocumentNode, { introspection, valueDepth }: Limits): void {
  let depth = 0
  visit(document, {
    enter: (node) => {
      if (node.kind === Kind.FIELD) requireField(node, introspection)
      if (nesting.has(node.kind)) depth += 1
      if (depth > valueDepth) throw tooComplex(valueDepth, 'levels of lists and objects')
    },
    leave: ({ kind }) => {
      if (nesting.has(kind)) depth -= 1
    },
  })
}

function requireField({ alias, name }: FieldNode, introspection: boolean): void {
  if (alias?.value.startsWith('__'))
    throw new AppError('GRAPHQL_VALIDATION_FAILED', 'An alias may not begin with "__".')
  if (!introspection && introspectionFields.has(name.value))
    throw new AppError('FORBIDDEN', 'Introspection is not open to you.')
}
