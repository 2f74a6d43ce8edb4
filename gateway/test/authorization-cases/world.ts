import {
  type ConstDirectiveNode,
  type DocumentNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  visit,
} from 'graphql'
import { type Rules, rulesOf } from '../../engine/authorize/rules.ts'
import { supergraphFrom } from '../../engine/supergraph/index.ts'
import { supergraphOf, worldOf } from '../federation/harness/world.ts'
import * as catalogue from './catalogue.ts'
import * as people from './people.ts'
import * as reviews from './reviews.ts'
import * as work from './work.ts'

const subgraphs = { people, work, catalogue, reviews }

/**
 * Composition wants the guard of what `@requires` reads on the field itself as well. Others do not,
 * so here one is put on afterwards.
 */
export const sdl = supergraphOf(subgraphs).replace(
  /^ {2}savings: Int.*$/m,
  (line) => `${line} @requiresScopes(scopes: [["pay"]])`,
)

export const supergraph = supergraphFrom(sdl)
export const world = worldOf(subgraphs, sdl)

type Guarded = { readonly directives?: readonly ConstDirectiveNode[] | undefined }
type Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode

/** The rules of the same graph when these types and fields (`Type.field`) carry no directives. */
export function rulesWithout(guards: readonly string[]): Rules {
  const bare = <Node extends Guarded>(node: Node, coordinate: string): Node =>
    guards.includes(coordinate) ? { ...node, directives: harmlessOf(node) } : node
  const composite = <Node extends Composite>(node: Node): Node => {
    const type = node.name.value
    const fields = node.fields?.map((field) => bare(field, `${type}.${field.name.value}`))
    return bare({ ...node, ...(fields && { fields }) }, type)
  }
  const document: DocumentNode = visit(supergraph.document, {
    [Kind.OBJECT_TYPE_DEFINITION]: composite,
    [Kind.INTERFACE_TYPE_DEFINITION]: composite,
    [Kind.ENUM_TYPE_DEFINITION]: (node) => bare(node, node.name.value),
    [Kind.SCALAR_TYPE_DEFINITION]: (node) => bare(node, node.name.value),
  })
  return rulesOf({ ...supergraph, document })
}

const harmlessOf = ({ directives = [] }: Guarded) =>
  directives.filter(({ name }) => !supergraph.security.has(name.value))
