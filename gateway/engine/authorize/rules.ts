import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type TypeDefinitionNode,
} from 'graphql'
import { z } from 'zod'
import { namedTypeOf } from '#kit/document/named-type'
import type { Variant } from '../engine.ts'
import { usesOf } from '../supergraph/directives.ts'
import { argumentsOf, type Supergraph } from '../supergraph/index.ts'
import { requiredBy, type TypeOfField } from './required.ts'

/** Any of these sets, each of them whole. */
type Alternatives = readonly (readonly string[])[]

/** What a caller must prove to read a field: to be somebody, and every list below. */
export type Rule = {
  readonly scopes: readonly Alternatives[]
  readonly policies: readonly Alternatives[]
}

/** From `Type.field` to its rule; a field that anyone may read has none. */
export type Rules = ReadonlyMap<string, Rule>

type Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode

const Alternatives = z.array(z.array(z.string()))

export const coordinate = (type: string, field: string) => `${type}.${field}`

const holds = (alternatives: Alternatives, granted: ReadonlySet<string>) =>
  alternatives.some((all) => all.length > 0 && all.every((name) => granted.has(name)))

/** An anonymous caller passes no rule, however it is written. */
export const permits = (rule: Rule, variant: Variant): boolean =>
  variant.authenticated &&
  rule.scopes.every((alternatives) => holds(alternatives, variant.scopes)) &&
  rule.policies.every((alternatives) => holds(alternatives, variant.policies))

/**
 * Every rule of the supergraph by field. A field's rule is its own, that of its parent type, that
 * of the type it returns and those of what `@requires` reads for it; on an interface also those of
 * the same field on every type that implements it.
 */
export function rulesOf({ document, security }: Supergraph): Rules {
  const ruleOf = ({ directives = [] }: TypeDefinitionNode | FieldDefinitionNode) =>
    allOf(directives.map((directive) => ruleFrom(directive, security)))
  const ofTypes = new Map(
    document.definitions
      .filter(isTypeDefinitionNode)
      .map((node) => [node.name.value, ruleOf(node)]),
  )
  const types = document.definitions.filter(isComposite)
  const rules = new Map<string, Rule>()
  for (const parent of types)
    for (const field of parent.fields ?? []) {
      const rule = allOf([
        ...[parent, ...membersOf(parent, types)].map(({ name }) => ofTypes.get(name.value) ?? null),
        ...sourcesOf(parent, field, types).flatMap((source) => [
          ruleOf(source),
          ofTypes.get(namedTypeOf(source.type)) ?? null,
        ]),
      ])
      if (rule) rules.set(coordinate(parent.name.value, field.name.value), rule)
    }
  return withRequired(rules, types)
}

/** The definitions of a field that say who may read it at this type. */
const sourcesOf = (
  parent: Composite,
  field: FieldDefinitionNode,
  types: readonly Composite[],
): FieldDefinitionNode[] => [
  field,
  ...membersOf(parent, types).flatMap((member) => fieldsNamed(member, field)),
  ...(isOfInterfaceObject(field)
    ? interfacesOf(parent, types).flatMap((one) => fieldsNamed(one, field))
    : []),
]

/** Such a field is in no subgraph of its own: the one that has the interface as an object has it. */
const isOfInterfaceObject = (field: FieldDefinitionNode) =>
  usesOf(field, 'join__field').some(({ graph }) => graph === undefined)

/** The same rules, each with those of the fields that are read to answer it. */
function withRequired(rules: Rules, types: readonly Composite[]): Rules {
  const fields = new Map(
    types.flatMap(({ name: { value: type }, fields = [] }) =>
      fields.map((field) => [coordinate(type, field.name.value), { type, field }] as const),
    ),
  )
  const typeOfField: TypeOfField = (type, name) => {
    const known = fields.get(coordinate(type, name))
    return known && namedTypeOf(known.field.type)
  }
  const reads = (key: string, seen: ReadonlySet<string>): readonly string[] => {
    const known = fields.get(key)
    if (!known || seen.has(key)) return []
    const inner = new Set([...seen, key])
    return requiredBy(known.type, known.field, typeOfField)
      .map(([type, name]) => coordinate(type, name))
      .flatMap((required) => [required, ...reads(required, inner)])
  }
  const complete = new Map(rules)
  for (const key of fields.keys()) {
    const required = [...new Set(reads(key, new Set()))].map((one) => rules.get(one) ?? null)
    const rule =
      required.some((one) => one !== null) && allOf([rules.get(key) ?? null, ...required])
    if (rule) complete.set(key, rule)
  }
  return complete
}

const isComposite = (node: DefinitionNode): node is Composite =>
  node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION

const membersOf = (parent: Composite, types: readonly Composite[]) =>
  parent.kind === Kind.INTERFACE_TYPE_DEFINITION
    ? types.filter(({ interfaces }) =>
        interfaces?.some(({ name }) => name.value === parent.name.value),
      )
    : []

const interfacesOf = ({ interfaces = [] }: Composite, types: readonly Composite[]) =>
  types.filter(({ name }) => interfaces.some((one) => one.name.value === name.value))

const fieldsNamed = ({ fields = [] }: Composite, { name }: FieldDefinitionNode) =>
  fields.filter((field) => field.name.value === name.value)

function ruleFrom(directive: ConstDirectiveNode, security: Supergraph['security']): Rule | null {
  const kind = security.get(directive.name.value)
  if (!kind) return null
  const { scopes, policies } = argumentsOf(directive)
  return {
    scopes: kind === 'requiresScopes' ? [Alternatives.parse(scopes)] : [],
    policies: kind === 'policy' ? [Alternatives.parse(policies)] : [],
  }
}

function allOf(candidates: readonly (Rule | null)[]): Rule | null {
  const rules = candidates.filter((rule) => rule !== null)
  if (rules.length === 0) return null
  return {
    scopes: rules.flatMap(({ scopes }) => scopes),
    policies: rules.flatMap(({ policies }) => policies),
  }
}
