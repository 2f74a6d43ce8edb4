import {
  type ASTVisitor,
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isSpecifiedScalarType,
  Kind,
  OverlappingFieldsCanBeMergedRule,
  parseType,
  TypeInfo,
  type VariableDefinitionNode,
  VariablesInAllowedPositionRule,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql'

/** A variable that stands where a literal stood. */
export type Slot = {
  readonly name: string
  /** The scalar of GraphQL itself that the position is of, inside any lists. */
  readonly scalar: string
}

export type Rewritten = {
  readonly document: DocumentNode
  /** One for each literal of the text, in its order; null for one that stays where it is. */
  readonly slots: readonly (Slot | null)[]
}

/** What a variable may break where a literal was right. */
const affected = [OverlappingFieldsCanBeMergedRule, VariablesInAllowedPositionRule]

/**
 * A valid document with variables in place of its literals, so that one plan serves every document
 * of its shape. Literals stay in directives, in defaults of variables and in scalars of the graph's
 * own, whose meaning only their subgraph knows. Null when none can go.
 */
export function withVariables(schema: GraphQLSchema, document: DocumentNode): Rewritten | null {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION)
  const [operation] = operations
  // A fragment that two operations share would need its variables in both.
  if (!operation || operations.length > 1) return null
  const found = literalsIn(schema, document)
  const prefix = prefixFor(operation.variableDefinitions ?? [])
  const slots = found.map((one, index) => one && { ...one, name: `${prefix}${index}` })
  const defined = slots.filter((slot) => slot !== null)
  if (defined.length === 0) return null
  const rewritten = rewrite(document, slots, defined.map(definitionOf))
  // Two fields of one name with equal literals may stand beside each other; with two variables not.
  if (validate(schema, rewritten, affected).length > 0) return null
  return { document: rewritten, slots }
}

type Found = { readonly scalar: string; readonly type: string }

/** Every literal; null for one that has to stay. */
function literalsIn(schema: GraphQLSchema, document: DocumentNode): (Found | null)[] {
  const found: (Found | null)[] = []
  const types = new TypeInfo(schema)
  const staying = {
    enter: (node: Parameters<typeof visit>[0]) => {
      visit(node, { [Kind.INT]: stay, [Kind.FLOAT]: stay, [Kind.STRING]: stay })
      return false
    },
  }
  const stay = () => {
    found.push(null)
  }
  const add = () => {
    const type = types.getInputType()
    const named = type && getNamedType(type)
    const isOwn = named && isSpecifiedScalarType(named)
    found.push(isOwn ? { scalar: named.name, type: `${getNullableType(type)}!` } : null)
  }
  visit(
    document,
    visitWithTypeInfo(types, {
      [Kind.DIRECTIVE]: staying,
      [Kind.VARIABLE_DEFINITION]: staying,
      ...{ [Kind.INT]: add, [Kind.FLOAT]: add, [Kind.STRING]: add },
    }),
  )
  return found
}

/** Underscores until no variable of the client's begins like it. */
function prefixFor(definitions: readonly VariableDefinitionNode[]): string {
  let prefix = '_'
  while (definitions.some(({ variable }) => variable.name.value.startsWith(prefix))) prefix += '_'
  return prefix
}

/** It always has a value, so it may stand where null may not. */
const definitionOf = ({ name, type }: Slot & Found): VariableDefinitionNode => ({
  kind: Kind.VARIABLE_DEFINITION,
  variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } },
  type: parseType(type, { noLocation: true }),
})

function rewrite(
  document: DocumentNode,
  slots: readonly (Slot | null)[],
  added: readonly VariableDefinitionNode[],
): DocumentNode {
  let index = 0
  const replace = () => {
    const slot = slots[index++]
    return slot ? { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: slot.name } } : undefined
  }
  const visitor: ASTVisitor = {
    ...{ [Kind.INT]: replace, [Kind.FLOAT]: replace, [Kind.STRING]: replace },
    [Kind.OPERATION_DEFINITION]: {
      leave: (node) => ({
        ...node,
        variableDefinitions: [...(node.variableDefinitions ?? []), ...added],
      }),
    },
  }
  return visit(document, visitor)
}

const intMax = 2_147_483_647

/** Undefined for what the scalar refuses. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  Int: (text) => {
    const value = Number(text)
    return value >= -intMax - 1 && value <= intMax ? value : undefined
  },
  Float: (text) => {
    const value = Number(text)
    return Number.isFinite(value) ? value : undefined
  },
  String: (text) => text,
  ID: (text) => text,
}

/**
 * The variables that stand for a text's literals. Null when one of them does not fit its place:
 * then the text as it is has to be validated, which says so in the client's own words.
 */
export function variablesFrom(
  slots: readonly (Slot | null)[],
  literals: readonly string[],
): Readonly<Record<string, unknown>> | null {
  if (slots.length !== literals.length) return null
  const variables: Record<string, unknown> = {}
  for (const [index, slot] of slots.entries()) {
    if (!slot) continue
    const value = readers[slot.scalar]?.(literals[index] ?? '')
    if (value === undefined) return null
    variables[slot.name] = value
  }
  return variables
}
