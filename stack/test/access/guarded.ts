import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
  type TypeNode,
  valueFromASTUntyped,
} from 'graphql'
import { z } from 'zod'
import type { Viewer } from '#kit/identity-token'
import { type Role, roles, scopesOf } from '#schema/scopes'
import { type SubgraphName, subgraphs } from '#schema/subgraphs'

/** Who asks: nobody, or a person of one role at one level of sign-in. */
export type Caller = { readonly role: Role | null; readonly acr: '1' | '2' }

export const callers: readonly Caller[] = [
  { role: null, acr: '1' },
  ...roles.flatMap((role) => [
    { role, acr: '1' as const },
    { role, acr: '2' as const },
  ]),
]

export const viewerOf = ({ role, acr }: Caller): Viewer | null =>
  role && {
    id: '0190a000-0000-7000-8000-000000000001',
    roles: [role],
    scopes: scopesOf([role]),
    acr,
    actor: null,
    sessionId: '0190a000-0000-7000-8000-000000000002',
  }

/** A field of a subgraph, and what its SDL says of who may have it. */
export type Field = {
  readonly subgraph: SubgraphName
  readonly type: string
  readonly name: string
  /** None of its own, of its type, or of the type that it returns: then anybody may have it. */
  readonly rules: readonly ConstDirectiveNode[]
  readonly isPublic: boolean
}

const kinds = ['authenticated', 'requiresScopes', 'policy']
const namedType = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type)

type ObjectNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode

const isObject = (node: { kind: string }): node is ObjectNode =>
  node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION

function fieldsOf(subgraph: SubgraphName, { definitions }: DocumentNode): Field[] {
  const types = definitions.filter(isObject)
  const rulesOf = (directives: readonly ConstDirectiveNode[] = []) =>
    directives.filter(({ name }) => kinds.includes(name.value))
  const ofType = (name: string) =>
    types.filter((type) => type.name.value === name).flatMap((type) => rulesOf(type.directives))
  const isTagged = ({ directives = [] }: FieldDefinitionNode) =>
    directives.some(({ name }) => name.value === 'tag')
  return types.flatMap((type) =>
    (type.fields ?? []).map((field) => ({
      ...{ subgraph, type: type.name.value, name: field.name.value, isPublic: isTagged(field) },
      rules: [
        ...ofType(type.name.value),
        ...rulesOf(field.directives),
        ...ofType(namedType(field.type)),
      ],
    })),
  )
}

/** Every field of every subgraph, as the contracts have it. */
export async function allFields(): Promise<Field[]> {
  const folder = join(import.meta.dir, '../../../schema')
  const each = subgraphs.map(async ({ name }) => {
    const sdl = await readFile(join(folder, `${name}.graphql`), 'utf8')
    return fieldsOf(name, parse(sdl))
  })
  return (await Promise.all(each)).flat()
}

const Arguments = z.object({
  scopes: z.array(z.array(z.string())).optional(),
  policies: z.array(z.array(z.string())).optional(),
})

/** Read from the specification of the directives, by nothing that the product reads them with. */
export function mayHave({ rules }: Field, caller: Caller): boolean {
  const { role, acr } = caller
  const scopes: ReadonlySet<string> = scopesOf(role ? [role] : [])
  return rules.every((rule) => {
    const entries = (rule.arguments ?? []).map(({ name, value }) => [
      name.value,
      valueFromASTUntyped(value),
    ])
    const given = Arguments.parse(Object.fromEntries(entries))
    if (role === null) return false
    const byScopes = given.scopes?.some((all) => all.every((scope) => scopes.has(scope))) ?? true
    const byPolicy =
      given.policies?.some((all) => all.every((name) => name === 'acr2' && acr === '2')) ?? true
    return byScopes && byPolicy
  })
}

export const coordinateOf = ({ type, name }: Field) => `${type}.${name}`
