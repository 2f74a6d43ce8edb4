import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DefinitionNode,
  type DocumentNode,
  Kind,
  parse,
} from 'graphql'
import { isSchemaNode, type SchemaNode } from './directives.ts'
import type { Link } from './links.ts'

/** A use of a join directive; `graph` is a value of `join__Graph`, everything else is as it reads. */
export function joinOf(
  name: string,
  { graph, ...rest }: { readonly graph: string; readonly [argument: string]: string | boolean },
): ConstDirectiveNode {
  const values: [string, ConstValueNode][] = Object.entries(rest).map(([argument, value]) => [
    argument,
    typeof value === 'string' ? { kind: Kind.STRING, value } : { kind: Kind.BOOLEAN, value },
  ])
  return directiveOf(`join__${name}`, [['graph', { kind: Kind.ENUM, value: graph }], ...values])
}

const nameOf = (value: string) => ({ kind: Kind.NAME, value }) as const

const directiveOf = (
  name: string,
  values: readonly (readonly [string, ConstValueNode])[],
): ConstDirectiveNode => ({
  kind: Kind.DIRECTIVE,
  name: nameOf(name),
  arguments: values.map(([argument, value]) => ({
    kind: Kind.ARGUMENT,
    name: nameOf(argument),
    value,
  })),
})

/** Source: specs.apollo.dev/join/v0.3 and specs.apollo.dev/link/v1.0. */
const definitions = parse(
  `
  directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
  directive @join__field(
    graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String
    external: Boolean, override: String, usedOverridden: Boolean
  ) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
  directive @join__graph(name: String!, url: String!) on ENUM_VALUE
  directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
  directive @join__type(
    graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false
    resolvable: Boolean! = true, isInterfaceObject: Boolean! = false
  ) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
  directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
  directive @link(
    url: String, as: String, for: link__Purpose, import: [link__Import]
  ) repeatable on SCHEMA
  scalar join__FieldSet
  scalar link__Import
  enum link__Purpose { SECURITY EXECUTION }
`,
  { noLocation: true },
).definitions

const isReplaced = (node: DefinitionNode): boolean => {
  if (!('name' in node) || !node.name) return false
  const name = node.name.value
  if (name === 'join__Graph') return false
  return name === 'link' || name === 'core' || /^(join|link|core)__/.test(name)
}

/** The document in the words of join v0.3; what those words stand on is the caller's work. */
export const inJoin03 = (document: DocumentNode, links: readonly Link[]): DocumentNode => ({
  ...document,
  definitions: [
    ...document.definitions
      .filter((node) => !isReplaced(node))
      .map((node) => (isSchemaNode(node) ? withLinks(node, links) : node)),
    ...definitions,
  ],
})

const replacedLinks: ReadonlySet<string> = new Set(['core', 'join', 'link'])

function withLinks(node: SchemaNode, links: readonly Link[]): SchemaNode {
  const { directives = [] } = node
  const others = directives.filter(({ name }) => name.value !== 'link' && name.value !== 'core')
  if (others.length === directives.length) return node
  const linked = [
    linkOf('https://specs.apollo.dev/link/v1.0', null),
    linkOf('https://specs.apollo.dev/join/v0.3', 'EXECUTION'),
    ...links
      .filter(({ feature }) => !replacedLinks.has(feature))
      .map(({ url, purpose }) => linkOf(url, purpose)),
  ]
  return { ...node, directives: [...linked, ...others] }
}

const linkOf = (url: string, purpose: string | null): ConstDirectiveNode =>
  directiveOf('link', [
    ['url', { kind: Kind.STRING, value: url }],
    ...(purpose ? [['for', { kind: Kind.ENUM, value: purpose }] as const] : []),
  ])
