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
/** Composition accepts them, but no engine of ours executes them: answers would be wrong without an error. */
const unsupported: ReadonlySet<string> = new Set(['context', 'fromContext', 'connect', 'source'])

/** Why subgraphs must not be published although they compose; each fault names subgraph and field. */
export const subgraphFaults = (subgraphs: readonly Subgraph[]): string[] =>
  subgraphs.flatMap(({ name, typeDefs }) => {
    const links = linksIn(typeDefs)
    return [
      ...newerFederation(links),
      ...unsupportedDirectives(typeDefs, links),
      ...openRootFields(typeDefs, links),
    ].map((fault) => `${name}: ${fault}`)
  })

/** What is registered and does not fit the clients' graph any more: one line an operation and fault. */
export function breakingChanges(api: string, operations: readonly Published[]): string[] {
  const schema = buildSchema(api, { assumeValid: true })
  return operations.flatMap(({ name, client, document }) =>
    validate(schema, parse(document)).map(
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

/** The name in its specification, whatever a link calls the directive here. */
const ownNameOf = (links: readonly Link[]) => {
  const imported = new Map(
    links.flatMap(({ imports }) => imports.map(({ name, as }) => [as, name] as const)),
  )
  return ({ name }: { readonly name: { readonly value: string } }): string =>
    (imported.get(`@${name.value}`) ?? name.value).replace(/^@/, '').replace(/^\w+__/, '')
}

function unsupportedDirectives(typeDefs: DocumentNode, links: readonly Link[]): string[] {
  const nameOf = ownNameOf(links)
  const faults: string[] = []
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
    [Kind.FIELD_DEFINITION]: named,
    [Kind.DIRECTIVE]: (node) => {
      const name = nameOf(node)
      if (unsupported.has(name))
        faults.push(`${place.join('.') || 'schema'} has @${name}, which no engine executes.`)
    },
  })
  return faults
}

const isObject = (node: {
  kind: string
}): node is ObjectTypeDefinitionNode | ObjectTypeExtensionNode =>
  node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION

function openRootFields(typeDefs: DocumentNode, links: readonly Link[]): string[] {
  const nameOf = ownNameOf(links)
  const roots = rootNamesIn(typeDefs)
  const decides = (directive: ConstDirectiveNode) =>
    rules.has(nameOf(directive)) ||
    (nameOf(directive) === 'tag' && argumentsOf(directive).name === 'public')
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
