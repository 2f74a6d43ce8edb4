import { type DocumentNode, Kind, type ObjectTypeDefinitionNode, visit } from 'graphql'

const rootTypes = new Set(['Query', 'Mutation', 'Subscription'])
const rules = new Set(['authenticated', 'requiresScopes', 'policy'])
/** Composition accepts them, but no engine of ours executes them: the answer would be wrong without an error. */
const unsupported = new Set(['context', 'fromContext', 'connect', 'source'])
const newestFederationMinor = 9

const isRoot = ({ name }: ObjectTypeDefinitionNode) => rootTypes.has(name.value)

const isPublic = (directive: { name: { value: string }; arguments?: readonly unknown[] }) =>
  directive.name.value === 'tag' && JSON.stringify(directive.arguments).includes('"public"')

function openRootFields(name: string, document: DocumentNode) {
  const types = document.definitions.filter(
    (node): node is ObjectTypeDefinitionNode =>
      (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION) &&
      rootTypes.has(node.name.value),
  )
  return types
    .filter(isRoot)
    .flatMap((type) =>
      (type.fields ?? [])
        .filter(({ directives = [] }) =>
          directives.every((directive) => !rules.has(directive.name.value) && !isPublic(directive)),
        )
        .map(
          (field) =>
            `${name}: ${type.name.value}.${field.name.value} has neither an authorization rule nor the tag "public".`,
        ),
    )
}

function unsupportedDirectives(name: string, document: DocumentNode) {
  const faults: string[] = []
  visit(document, {
    Directive(node) {
      if (unsupported.has(node.name.value))
        faults.push(`${name}: @${node.name.value} is not supported.`)
    },
    StringValue(node) {
      const minor = /specs\.apollo\.dev\/federation\/v2\.(\d+)/.exec(node.value)?.[1]
      if (minor && Number(minor) > newestFederationMinor) {
        faults.push(`${name}: federation 2.${minor} is newer than 2.${newestFederationMinor}.`)
      }
    },
  })
  return faults
}

/** Why a subgraph that composes must still not be published; each fault names the subgraph and the field. */
export const publishFaults = (name: string, document: DocumentNode): string[] => [
  ...openRootFields(name, document),
  ...unsupportedDirectives(name, document),
]
