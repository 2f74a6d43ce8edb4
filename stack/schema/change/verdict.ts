import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core'
import {
  buildSchema,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  parse,
} from 'graphql'
import { coordinatesIn } from '#kit/coordinates'
import { type Contract, isWithin } from '#schema/contracts'

/** Who ran a registered operation, and how often in the last 30 days; null where nobody counted. */
export type Caller = { readonly client: string; readonly calls: number | null }

export type UsedOperation = {
  readonly name: string
  /** The narrowest that has all it asks for: it is run in every wider one too. */
  readonly contract: Contract
  readonly document: string
  readonly callers: readonly Caller[]
}

/** A change after which something that worked in a contract does not work any more. */
export type Break = {
  readonly contract: Contract
  /** The schema coordinate that is no longer what it was. */
  readonly coordinate: string
  readonly message: string
  readonly operations: readonly UsedOperation[]
  /** Why it may be done all the same; null when it may not. */
  readonly allowed: string | null
}

export type Compared = {
  readonly contract: Contract
  /** SDL as published, and as it would be. */
  readonly before: string
  readonly after: string
  readonly operations: readonly UsedOperation[]
  readonly today: Date
}

/** What a change of one contract breaks, in the order in which the schema names it. */
export async function breaksOf(compared: Compared): Promise<Break[]> {
  const before = buildSchema(compared.before, { assumeValid: true })
  const after = buildSchema(compared.after, { assumeValid: true })
  const changes = (await diff(before, after)).filter(isBreaking)
  const users = compared.operations
    .filter(({ contract }) => isWithin(contract, compared.contract))
    .map((operation) => ({ operation, used: coordinatesIn(before, parse(operation.document)) }))
  return changes.map((change) => {
    const coordinate = change.path ?? ''
    const concerned = concernedBy(change)
    const operations = users
      .filter(({ used }) => used.has(concerned))
      .map(({ operation }) => operation)
    const found = { contract: compared.contract, coordinate, message: change.message, operations }
    return { ...found, allowed: allowedBecause(found, before, compared.today) }
  })
}

/** Directives are the schema's own business; clients cannot use those of its definitions. */
const isBreaking = ({ criticality, type }: Change) =>
  criticality.level === CriticalityLevel.Breaking && !type.startsWith('DIRECTIVE')

/** What is new and required breaks whoever uses that which it was added to. */
function concernedBy({ type, path = '' }: Change): string {
  const isAddition = type === 'FIELD_ARGUMENT_ADDED' || type === 'INPUT_FIELD_ADDED'
  return isAddition ? path.slice(0, path.lastIndexOf('.')) : path
}

type Found = Omit<Break, 'allowed'>

/** Callers of these send nothing but what is registered, so nobody else can depend on it. */
const closed: ReadonlySet<Contract> = new Set(['app', 'admin'])

function allowedBecause(found: Found, before: GraphQLSchema, today: Date): string | null {
  const { contract, coordinate, operations } = found
  if (operations.length === 0 && closed.has(contract)) return 'no registered operation uses it'
  const until = endOf(reasonAt(before, coordinate))
  if (!until || until > today) return null
  const isCalled = operations.some(({ callers }) => callers.some(({ calls }) => calls !== 0))
  return isCalled ? null : `it was deprecated until ${until.toISOString().slice(0, 10)}, and unused`
}

/** The date in the reason of a deprecation, from which on it may go; null for none. */
export function endOf(reason: string | null): Date | null {
  const [date] = /\b\d{4}-\d{2}-\d{2}\b/.exec(reason ?? '') ?? []
  const at = new Date(date ?? Number.NaN)
  return Number.isNaN(at.getTime()) ? null : at
}

function reasonAt(schema: GraphQLSchema, coordinate: string): string | null {
  const [typeName = '', memberName = '', argumentName] = coordinate.split('.')
  const type = schema.getType(typeName)
  if (isEnumType(type)) return type.getValue(memberName)?.deprecationReason ?? null
  if (isInputObjectType(type)) return type.getFields()[memberName]?.deprecationReason ?? null
  if (!isObjectType(type) && !isInterfaceType(type)) return null
  const field = type.getFields()[memberName]
  const argument = field?.args.find(({ name }) => name === argumentName)
  return (argument ?? field)?.deprecationReason ?? null
}
