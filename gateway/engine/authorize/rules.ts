import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql'
import { z } from 'zod'
import type { Variant } from '../engine.ts'
import { argumentsOf, type Supergraph } from '../supergraph/index.ts'

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
 * Every rule of the supergraph by field. A field's rule is its own, that of its parent type and
 * that of the type it returns; on an interface also those of the same field on every type that
 * implements it.
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
  const add = (parent: Composite, field: FieldDefinitionNode, sources: readonly Composite[]) => {
    const rule = allOf(
      sources.flatMap((source) => [
        ofTypes.get(source.name.value) ?? null,
        ...fieldsNamed(source, field).map(ruleOf),
        ofTypes.get(namedTypeOf(field.type)) ?? null,
      ]),
    )
    if (rule) rules.set(coordinate(parent.name.value, field.name.value), rule)
  }
  for (const parent of types)
    for (const field of parent.fields ?? [])
      add(parent, field, [parent, ...membersOf(parent, types)])
  return rules
}

const isComposite = (node: DefinitionNode): node is Composite =>
  node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION

const membersOf = (parent: Composite, types: readonly Composite[]) =>
  parent.kind === Kind.INTERFACE_TYPE_DEFINITION
    ? types.filter(({ interfaces }) =>
        interfaces?.some(({ name }) => name.value === parent.name.value),
      )
    : []

const fieldsNamed = ({ fields = [] }: Composite, { name }: FieldDefinitionNode) =>
  fields.filter((field) => field.name.value === name.value)

const namedTypeOf = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type)

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
