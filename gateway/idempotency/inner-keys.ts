import {
  type ArgumentNode,
  type FieldNode,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  Kind,
  type OperationDefinitionNode,
  type TypeNode,
} from 'graphql'

/** What an input, or an argument, is called by which a subgraph knows a mutation again. */
const innerName = 'idempotencyKey'

export type InnerKeys = {
  /** Variables that are inputs with a key of their own. */
  readonly inputs: readonly string[]
  /** Variables that are such a key. */
  readonly keys: readonly string[]
  /** Whether each field has a key, once these variables have theirs. */
  readonly isWhole: boolean
}

/** Where a mutation carries keys of its own. */
export function innerKeysOf(operation: OperationDefinitionNode, schema: GraphQLSchema): InnerKeys {
  const types = new Map(
    (operation.variableDefinitions ?? []).map(({ variable, type }) => [
      variable.name.value,
      nameOf(type),
    ]),
  )
  const isKeyed = (variable: string) => {
    const type = schema.getType(types.get(variable) ?? '')
    return isInputObjectType(type) && hasKey(type)
  }
  const fields = operation.selectionSet.selections.map((node) =>
    node.kind === Kind.FIELD ? placesIn(node, isKeyed) : nowhere,
  )
  return {
    inputs: [...new Set(fields.flatMap(({ inputs }) => inputs))],
    keys: [...new Set(fields.flatMap(({ keys }) => keys))],
    isWhole: fields.every(({ isWhole }) => isWhole),
  }
}

const nowhere: InnerKeys = { inputs: [], keys: [], isWhole: false }

const hasKey = (type: ReturnType<GraphQLSchema['getType']>) =>
  isInputObjectType(type) && getNamedType(type.getFields()[innerName]?.type)?.name === 'String'

const nameOf = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type)

function placesIn({ arguments: given = [] }: FieldNode, isKeyed: (variable: string) => boolean) {
  const inputs = given.flatMap(({ value }) =>
    value.kind === Kind.VARIABLE && isKeyed(value.name.value) ? [value.name.value] : [],
  )
  const own = given.filter(({ name }) => name.value === innerName)
  const keys = [...own, ...given.flatMap(keyInObject)].flatMap(({ value }) =>
    value.kind === Kind.VARIABLE ? [value.name.value] : [],
  )
  const written = [...own, ...given.flatMap(keyInObject)].some(
    ({ value }) => value.kind === Kind.STRING && value.value !== '',
  )
  return { inputs, keys, isWhole: inputs.length > 0 || keys.length > 0 || written }
}

const keyInObject = ({ value }: ArgumentNode) =>
  value.kind === Kind.OBJECT ? value.fields.filter(({ name }) => name.value === innerName) : []

type Variables = Readonly<Record<string, unknown>>

const isEmpty = (value: unknown) => value === undefined || value === null || value === ''

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The same variables, where a key that is missing is made of the request's own; what has one keeps
 * it. Null when nothing is missing.
 */
export function withInnerKeys(
  variables: Variables,
  { inputs, keys }: InnerKeys,
  keyFor: (variable: string) => string,
): Variables | null {
  const filled: Record<string, unknown> = {}
  for (const name of inputs) {
    const input = variables[name]
    if (isMap(input) && isEmpty(input[innerName]))
      filled[name] = { ...input, [innerName]: keyFor(name) }
  }
  for (const name of keys) if (isEmpty(variables[name])) filled[name] = keyFor(name)
  return Object.keys(filled).length === 0 ? null : { ...variables, ...filled }
}
