import {
  buildASTSchema,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  visit,
} from 'graphql'

/** Directives of GraphQL itself, which a client may see and use. */
const ownDirectives: ReadonlySet<string> = new Set(['deprecated', 'specifiedBy', 'oneOf'])

/** What composition adds for the gateway: `join__Graph`, `link__Import`, `requiresScopes__Scope`. */
const isSpecification = (name: string) =>
  /^(join|link|core|inaccessible|tag|requiresScopes|policy|authenticated|cacheControl|federation|cost|listSize)__/.test(
    name,
  )

const hides = (node: object): boolean =>
  'directives' in node &&
  Array.isArray(node.directives) &&
  node.directives.some((directive: ConstDirectiveNode) => directive.name.value === 'inaccessible')

const nameOf = (node: DefinitionNode): string[] =>
  'name' in node && node.name ? [node.name.value] : []

/**
 * The schema that clients see: without what is inaccessible, and without what tells how the graph is
 * put together.
 */
export const publicSchemaOf = (document: DocumentNode): GraphQLSchema =>
  buildASTSchema(publicDocumentOf(document), { assumeValid: true, assumeValidSDL: true })

/** The same before it can be executed. */
export function publicDocumentOf({ definitions }: DocumentNode): DocumentNode {
  const kept = definitions.filter((node) => !isHidden(node))
  const names = new Set(kept.flatMap(nameOf))
  const defined = new Set(definitions.flatMap(nameOf))
  // A built-in scalar is defined nowhere, and stays.
  const isGone = (name: string) => defined.has(name) && !names.has(name)
  return visit(
    { kind: Kind.DOCUMENT, definitions: kept },
    {
      enter: (node) => {
        if (node.kind === Kind.DIRECTIVE) return ownDirectives.has(node.name.value) ? false : null
        return hides(node) ? null : undefined
      },
      [Kind.NAMED_TYPE]: {
        leave: (node, key) =>
          // Among interfaces and union members; a field of such a type is inaccessible itself.
          typeof key === 'number' && isGone(node.name.value) ? null : undefined,
      },
    },
  )
}

function isHidden(node: DefinitionNode): boolean {
  if (node.kind === Kind.DIRECTIVE_DEFINITION) return !ownDirectives.has(node.name.value)
  if (nameOf(node).some(isSpecification)) return true
  return node.kind !== Kind.SCHEMA_DEFINITION && hides(node)
}
