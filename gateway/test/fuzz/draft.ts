import type { Choices } from './choices.ts'
import type { Construct } from './constructs.ts'

type Keyword = 'type' | 'interface' | 'union' | 'enum' | 'input' | 'scalar'

/** One type as one subgraph writes it. */
export type Definition = {
  readonly keyword: Keyword
  readonly directives: Set<string>
  readonly interfaces: Set<string>
  /** From a field's name to its whole line. */
  readonly fields: Map<string, string>
  /** Members of a union, values of an enum. */
  readonly members: Set<string>
}

/** Who may read a field or the fields of a type. */
export type Guard = {
  readonly scopes?: readonly (readonly string[])[]
  readonly policies?: readonly (readonly string[])[]
}

/** What is true of one field, in whatever subgraph it is resolved. */
export type Fact = {
  /** Names the value: a field of an interface object has one for all implementations. */
  readonly seed: string
  /** The type as SDL; where subgraphs differ in it, no value is null. */
  readonly type: string
  /** A key spells the number of its object; a step counts the mutations so far. */
  readonly kind: 'value' | 'key' | 'step'
  /** The object types that it may return, or the values of its enum. */
  readonly members: readonly string[]
  readonly fails: 'never' | 'null' | 'error'
  /** The subgraphs that resolve it. */
  readonly owners: readonly string[]
  /** The selection whose values it is made of. */
  readonly requires: string | null
  readonly guard: Guard | null
  readonly tags: readonly Construct[]
}

export type KeyKind = 'simple' | 'composite' | 'nested' | 'multiple'

export type Entity = {
  readonly name: string
  readonly keyKind: KeyKind
  /** The subgraphs that resolve references to it. */
  readonly members: readonly string[]
  /** The subgraphs that do not know some of the objects, and how they say so. */
  readonly lost: Map<string, 'null' | 'error'>
  /** Names of the object types, for an interface; the object's number decides which one it is. */
  readonly implementations: readonly string[]
  /** The subgraphs to which the interface is an object. */
  readonly objectIn: ReadonlySet<string>
}

/** A supergraph in the making. */
export type Draft = {
  readonly choices: Choices
  readonly subgraphs: readonly string[]
  readonly definitions: ReadonlyMap<string, Map<string, Definition>>
  /** By coordinate, `Type.field`. */
  readonly facts: Map<string, Fact>
  readonly entities: Map<string, Entity>
  /** By type name. */
  readonly guards: Map<string, Guard>
}

export const newDraft = (choices: Choices, subgraphs: readonly string[]): Draft => ({
  choices,
  subgraphs,
  definitions: new Map(subgraphs.map((name) => [name, new Map()])),
  facts: new Map(),
  entities: new Map(),
  guards: new Map(),
})

/** The type as the subgraph writes it so far; it begins empty. */
export function defined(
  { definitions }: Draft,
  subgraph: string,
  name: string,
  keyword: Keyword = 'type',
): Definition {
  const types = definitions.get(subgraph) ?? new Map<string, Definition>()
  const known = types.get(name)
  if (known) return known
  const definition = {
    keyword,
    directives: new Set<string>(),
    interfaces: new Set<string>(),
    fields: new Map<string, string>(),
    members: new Set<string>(),
  }
  types.set(name, definition)
  return definition
}

export type NewField = {
  readonly owners: readonly string[]
  readonly type: string
  /** With their parentheses. */
  readonly args?: string
  readonly directives?: string
} & Partial<Omit<Fact, 'owners' | 'type'>>

/** Writes a field into each of its subgraphs. */
export function addField(draft: Draft, coordinate: string, field: NewField): void {
  const [typeName = '', name = ''] = coordinate.split('.')
  const { owners, type, args = '', directives = '', ...fact } = field
  const shared = owners.length > 1 ? ' @shareable' : ''
  for (const owner of owners) {
    const line = `${name}${args}: ${type}${shared} ${directives} ${directiveOf(fact.guard)}`
    defined(draft, owner, typeName).fields.set(name, line)
  }
  draft.facts.set(coordinate, factOf(coordinate, { owners, type, ...fact }))
}

/** The fact alone, for what is written by hand. */
export const factOf = (
  coordinate: string,
  fact: Pick<Fact, 'owners' | 'type'> & Partial<Fact>,
): Fact => ({
  seed: coordinate,
  kind: 'value',
  members: [],
  fails: 'null',
  requires: null,
  guard: null,
  tags: [],
  ...fact,
})

export const directiveOf = (guard: Guard | null | undefined): string => {
  if (!guard) return ''
  const { scopes, policies } = guard
  if (scopes) return `@requiresScopes(scopes: ${JSON.stringify(scopes)})`
  return policies ? `@policy(policies: ${JSON.stringify(policies)})` : '@authenticated'
}
