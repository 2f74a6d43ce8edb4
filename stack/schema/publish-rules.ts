import {
  buildSchema,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
  validate,
  visit,
} from 'graphql'
import { documentRules } from '#kit/document/rules'
import { rootNamesIn } from '../../gateway/engine/supergraph/directives.ts'
import { argumentsOf } from '../../gateway/engine/supergraph/index.ts'
import { isNewer, type Link, linksIn } from '../../gateway/engine/supergraph/links.ts'

export type Subgraph = { readonly name: string; readonly typeDefs: DocumentNode }

/** What clients may run already; `client` is who is told when it does not run any more. */
export type Published = {
  readonly name: string
  readonly client: string
  readonly document: string
}

const newestFederation = { major: 2, minor: 9 }
const rules: ReadonlySet<string> = new Set(['authenticated', 'requiresScopes', 'policy'])
/** Said of a root field that has no rule and needs none. */
const openTags: ReadonlySet<unknown> = new Set(['public', 'open'])
/** Composition accepts them, but no engine of ours executes them: answers would be wrong without an error. */
const unsupported: ReadonlySet<string> = new Set(['context', 'fromContext', 'connect', 'source'])

/** Why subgraphs must not be published although they compose; each fault names subgraph and field. */
export const subgraphFaults = (subgraphs: readonly Subgraph[]): string[] =>
  subgraphs.flatMap(({ name, typeDefs }) => {
    const links = linksIn(typeDefs)
    return [
      ...newerFederation(links),
      ...unsupportedDirectives(typeDefs, links),
      ...rulesOfItsOwn(typeDefs, links),
      ...rulesWithoutAlternatives(typeDefs, links),
      ...externalsOfInterfaceObjects(typeDefs, links),
      ...openRootFields(typeDefs, links),
    ].map((fault) => `${name}: ${fault}`)
  })

/** What is registered and does not fit the clients' graph any more: one line an operation and fault. */
export function breakingChanges(api: string, operations: readonly Published[]): string[] {
  const schema = buildSchema(api, { assumeValid: true })
  return operations.flatMap(({ name, client, document }) =>
    validate(schema, parse(document), documentRules).map(
      ({ message }) => `Operation ${name} (${client}) would not run any more: ${message}`,
    ),
  )
}

const newerFederation = (links: readonly Link[]): string[] =>
  links.flatMap(({ feature, version }) =>
    feature === 'federation' && version && isNewer(version, newestFederation)
      ? [`federation ${version.major}.${version.minor} is newer than 2.${newestFederation.minor}.`]
      : [],
  )

type Directive = { readonly name: { readonly value: string } }

/** The last part of a directive's name, whatever a link calls it here. */
const ownNameOf = (links: readonly Link[]) => {
  const imported = new Map(
    links.flatMap(({ imports }) => imports.map(({ name, as }) => [as, name] as const)),
  )
  return ({ name }: Directive): string =>
    (imported.get(`@${name.value}`) ?? name.value).replace(/^@/, '').replace(/^\w+__/, '')
}

/** What Federation calls a directive; null for one that is the subgraph's own, whatever its name. */
const federationNameOf = (links: readonly Link[]) => {
  const federation = links.find(({ feature }) => feature === 'federation')
  if (!federation) return ({ name }: Directive) => (name.value === 'tag' ? name.value : null)
  const imported = new Map(federation.imports.map(({ name, as }) => [as, name.slice(1)]))
  const prefix = `${federation.name}__`
  return ({ name: { value } }: Directive): string | null =>
    value.startsWith(prefix) ? value.slice(prefix.length) : (imported.get(`@${value}`) ?? null)
}

type Placed = { readonly place: string; readonly node: ConstDirectiveNode }

/** Every use of a directive, with the type and the field at which it stands. */
function directivesIn(typeDefs: DocumentNode): Placed[] {
  const placed: Placed[] = []
  const place: string[] = []
  const leave = () => void place.pop()
  const enter = (node: { readonly name?: { readonly value: string } | undefined }) =>
    void place.push(node.name?.value ?? 'schema')
  const named = { enter, leave }
  visit(typeDefs, {
    [Kind.OBJECT_TYPE_DEFINITION]: named,
    [Kind.OBJECT_TYPE_EXTENSION]: named,
    [Kind.INTERFACE_TYPE_DEFINITION]: named,
    [Kind.INTERFACE_TYPE_EXTENSION]: named,
    [Kind.UNION_TYPE_DEFINITION]: named,
    [Kind.ENUM_TYPE_DEFINITION]: named,
    [Kind.SCALAR_TYPE_DEFINITION]: named,
    [Kind.FIELD_DEFINITION]: named,
    [Kind.DIRECTIVE]: (node) => {
      // In a schema every value is a constant.
      placed.push({ place: place.join('.') || 'schema', node: node as ConstDirectiveNode })
    },
  })
  return placed
}

function unsupportedDirectives(typeDefs: DocumentNode, links: readonly Link[]): string[] {
  const nameOf = ownNameOf(links)
  return directivesIn(typeDefs)
    .filter(({ node }) => unsupported.has(nameOf(node)))
    .map(({ place, node }) => `${place} has @${nameOf(node)}, which no engine executes.`)
}

/** A subgraph may define a directive of its own by the name of a rule: composition drops it. */
function rulesOfItsOwn(typeDefs: DocumentNode, links: readonly Link[]): string[] {
  const inFederation = federationNameOf(links)
  return directivesIn(typeDefs)
    .filter(({ node }) => rules.has(node.name.value) && !rules.has(inFederation(node) ?? ''))
    .map(({ place, node }) => `${place} has @${node.name.value}, which is not Federation's own.`)
}

/** Nobody could pass it, but the supergraph would have no rule, and everybody would. */
function rulesWithoutAlternatives(typeDefs: DocumentNode, links: readonly Link[]): string[] {
  const nameOf = federationNameOf(links)
  return directivesIn(typeDefs).flatMap(({ place, node }) => {
    const name = nameOf(node)
    const [alternatives] = name !== null && rules.has(name) ? Object.values(argumentsOf(node)) : []
    return Array.isArray(alternatives) && alternatives.length === 0
      ? [`${place} has @${name} without any alternative, which composition forgets.`]
      : []
  })
}

/** Composition forgets it, and then asks the subgraph for a field that it does not have. */
function externalsOfInterfaceObjects(typeDefs: DocumentNode, links: readonly Link[]): string[] {
  const nameOf = federationNameOf(links)
  const has = (node: { readonly directives?: readonly ConstDirectiveNode[] }, name: string) =>
    node.directives?.some((one) => nameOf(one) === name) ?? false
  const types = typeDefs.definitions.filter(isObject)
  const names = new Set(
    types.filter((type) => has(type, 'interfaceObject')).map(({ name }) => name.value),
  )
  return types
    .filter(({ name }) => names.has(name.value))
    .flatMap(({ name, fields = [] }) =>
      fields
        .filter((field) => has(field, 'external'))
        .map(
          (field) =>
            `${name.value}.${field.name.value} is @external on an interface object, which composition forgets.`,
        ),
    )
}

const isObject = (node: {
  kind: string
}): node is ObjectTypeDefinitionNode | ObjectTypeExtensionNode =>
  node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION

function openRootFields(typeDefs: DocumentNode, links: readonly Link[]): string[] {
  const nameOf = federationNameOf(links)
  const roots = rootNamesIn(typeDefs)
  const decides = (directive: ConstDirectiveNode) =>
    rules.has(nameOf(directive) ?? '') ||
    (nameOf(directive) === 'tag' && openTags.has(argumentsOf(directive).name))
  const isUndecided = ({ directives = [] }: FieldDefinitionNode) => !directives.some(decides)
  return typeDefs.definitions
    .filter(isObject)
    .filter(({ name }) => roots.has(name.value))
    .flatMap(({ name, fields = [] }) =>
      fields
        .filter(isUndecided)
        .map(
          (field) =>
            `${name.value}.${field.name.value} has neither an authorization rule nor the tag "public".`,
        ),
    )
}
