import { type GraphQLSchema, isObjectType, parse } from 'graphql'
import { coordinatesIn } from '#kit/coordinates'

/** What one caller ran of one operation. */
export type OperationUse = {
  readonly operationId: string
  readonly name: string
  readonly document: string
  /** Null while nobody has run it lately. */
  readonly caller: string | null
  /** What the program is called; null where the caller is none. */
  readonly callerName: string | null
  readonly calls: number
  readonly lastAt: Date | null
}

export type ClientUse = {
  readonly client: string
  readonly clientName: string
  readonly calls: number
  readonly lastAt: Date | null
}

/** A field of the graph, and who depends on it. */
export type FieldUse = {
  readonly coordinate: string
  /** Why and until when; null for a field that stays. */
  readonly deprecation: string | null
  readonly calls: number
  /** Whoever called it, most calls first. */
  readonly clients: readonly ClientUse[]
  /** Every registered operation that asks for it, called or not, by name. */
  readonly operations: readonly string[]
}

/** Every field of every object type, by coordinate, with the uses of the operations that name it. */
export function fieldUsesOf(schema: GraphQLSchema, uses: readonly OperationUse[]): FieldUse[] {
  const byField = usesByField(schema, uses)
  return fieldsOf(schema).map(({ coordinate, deprecation }) => {
    const own = byField.get(coordinate) ?? []
    return {
      ...{ coordinate, deprecation },
      calls: own.reduce((sum, { calls }) => sum + calls, 0),
      clients: clientsOf(own),
      operations: [...new Set(own.map(({ name }) => name))].sort(),
    }
  })
}

function usesByField(schema: GraphQLSchema, uses: readonly OperationUse[]) {
  const byField = new Map<string, OperationUse[]>()
  for (const [document, own] of Map.groupBy(uses, ({ document }) => document)) {
    for (const coordinate of coordinatesIn(schema, parse(document, { noLocation: true }))) {
      const known = byField.get(coordinate)
      if (known) known.push(...own)
      else byField.set(coordinate, [...own])
    }
  }
  return byField
}

const byText = (one: string, other: string) => (one < other ? -1 : 1)

const fieldsOf = (schema: GraphQLSchema) =>
  Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) =>
      Object.values(type.getFields()).map(({ name, deprecationReason }) => ({
        coordinate: `${type.name}.${name}`,
        deprecation: deprecationReason ?? null,
      })),
    )
    .sort((one, other) => byText(one.coordinate, other.coordinate))

function clientsOf(uses: readonly OperationUse[]): ClientUse[] {
  const called = uses.filter(({ calls }) => calls > 0)
  return [...Map.groupBy(called, ({ caller }) => caller ?? '')]
    .map(([client, own]) => ({
      client,
      clientName: own[0]?.callerName ?? client,
      calls: own.reduce((sum, { calls }) => sum + calls, 0),
      lastAt: own
        .map(({ lastAt }) => lastAt)
        .reduce((last, at) => (at && (!last || at > last) ? at : last), null),
    }))
    .sort((one, other) => other.calls - one.calls || byText(one.client, other.client))
}

export type FieldFilter = {
  readonly search?: string | null | undefined
  readonly deprecated?: boolean | null | undefined
  readonly used?: boolean | null | undefined
}

/** Whether a field is among those looked for; what a filter does not say does not matter. */
export const isWanted =
  ({ search, deprecated, used }: FieldFilter) =>
  ({ coordinate, deprecation, calls }: FieldUse): boolean =>
    (!search || coordinate.toLowerCase().includes(search.trim().toLowerCase())) &&
    (deprecated == null || deprecated === (deprecation !== null)) &&
    (used == null || used === calls > 0)
