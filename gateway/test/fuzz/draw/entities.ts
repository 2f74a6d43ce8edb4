import { type Choices, oneIn, pick, some } from '../choices.ts'
import {
  addField,
  type Draft,
  defined,
  directiveOf,
  type Entity,
  factOf,
  type Guard,
  type KeyKind,
} from '../draft.ts'
import { failing, shapedLeaf, shapedObject } from './shapes.ts'

const entityNames = ['Item', 'User', 'Shop'] as const
const keyKinds: readonly KeyKind[] = ['simple', 'composite', 'nested', 'multiple', 'composite']
const keyTags = {
  simple: [],
  composite: ['composite key'],
  nested: ['nested key'],
  multiple: ['multiple keys'],
} as const

export const keysOf: Readonly<Record<KeyKind, readonly string[]>> = {
  simple: ['id'],
  composite: ['id region'],
  nested: ['org { id }'],
  multiple: ['id', 'sku'],
}

/** Two or three types that several subgraphs resolve by a key, with fields of their own in each. */
export function drawEntities(draft: Draft): void {
  const { choices } = draft
  const entities = entityNames.slice(0, 2 + choices.below(2)).map((name) => drawOne(draft, name))
  for (const entity of entities) {
    for (const member of entity.members) drawFields(draft, entity, member)
    addField(draft, `${entity.name}.title`, { owners: steady(entity), type: 'String' })
    for (const owner of some(choices, entity.members, 2))
      addReference(draft, entity, owner, pick(choices, entities))
  }
}

function drawOne(draft: Draft, name: string): Entity {
  const { choices, subgraphs } = draft
  const members = some(choices, subgraphs, 2 + choices.below(subgraphs.length - 1))
  const keyKind = pick(choices, keyKinds)
  const lost = new Map<string, 'null' | 'error'>()
  if (keyKind !== 'multiple' && members.length > 2)
    lost.set(members.at(-1) ?? '', pick(choices, ['null', 'error'] as const))
  const entity = { name, keyKind, members, lost, implementations: [], objectIn: new Set<string>() }
  draft.entities.set(name, entity)
  if (oneIn(choices, 8)) guardType(draft, entity, pick(choices, guards))
  members.forEach((member, index) => {
    const keys = keysOf[keyKind]
    const own = index === 0 ? keys : [pick(choices, keys)]
    for (const key of own) putKey(draft, entity, member, { key, resolvable: true })
  })
  if (keyKind === 'nested')
    addField(draft, `${name}Org.motto`, { owners: members.slice(0, 1), type: 'String' })
  return entity
}

/** One subgraph says it, and it holds for all. */
function guardType(draft: Draft, { name, members }: Entity, guard: Guard): void {
  draft.guards.set(name, guard)
  defined(draft, pick(draft.choices, members), name).directives.add(directiveOf(guard))
}

/** The subgraphs that know every one of the objects. */
export const steady = ({ members, lost }: Entity): string[] =>
  members.filter((member) => !lost.has(member))

/** Makes the subgraph able to name the entity, if it does not know it already. */
export function defineEntity(draft: Draft, subgraph: string, entity: Entity): void {
  if (draft.definitions.get(subgraph)?.has(entity.name)) return
  const key = pick(draft.choices, keysOf[entity.keyKind])
  putKey(draft, entity, subgraph, { key, resolvable: false })
}

type Key = { readonly key: string; readonly resolvable: boolean }

function putKey(
  draft: Draft,
  { name, keyKind }: Entity,
  subgraph: string,
  { key, resolvable }: Key,
) {
  const definition = defined(draft, subgraph, name)
  definition.directives.add(`@key(fields: "${key}"${resolvable ? '' : ', resolvable: false'})`)
  const isNested = keyKind === 'nested'
  const fields = isNested ? ['org'] : key.split(' ')
  for (const field of fields) {
    const type = isNested ? `${name}Org!` : field === 'id' ? 'ID!' : 'String!'
    definition.fields.set(field, `${field}: ${type}`)
    const members = isNested ? [`${name}Org`] : []
    const coordinate = `${name}.${field}`
    draft.facts.set(coordinate, factOf(coordinate, { owners: [], type, kind: 'key', members }))
  }
  if (!isNested) return
  defined(draft, subgraph, `${name}Org`).fields.set('id', 'id: ID! @shareable')
  const coordinate = `${name}Org.id`
  draft.facts.set(coordinate, factOf(coordinate, { owners: [], type: 'ID!', kind: 'key' }))
}

const argLists = [
  '',
  '',
  '(n: Int = 3)',
  '(word: String, n: Int)',
  '(n: Int! = 1, flags: [Boolean!])',
] as const

const guards: readonly Guard[] = [
  {},
  { scopes: [['read']] },
  { scopes: [['read', 'audit'], ['root']] },
  { policies: [['owner']] },
  { policies: [['owner', 'staff'], ['boss']] },
]

/** Most fields are for everybody. */
export const drawGuard = (choices: Choices): Guard | null =>
  oneIn(choices, 6) ? pick(choices, guards) : null

function drawFields(draft: Draft, { name, keyKind }: Entity, member: string): void {
  const { choices } = draft
  const count = 1 + choices.below(3)
  for (let index = 1; index <= count; index += 1)
    addField(draft, `${name}.${member}${index}`, {
      owners: [member],
      type: shapedLeaf(choices),
      args: pick(choices, argLists),
      fails: failing(choices),
      guard: drawGuard(choices),
      tags: keyTags[keyKind],
    })
}

function addReference(draft: Draft, from: Entity, owner: string, to: Entity): void {
  const { choices } = draft
  defineEntity(draft, owner, to)
  addField(draft, `${from.name}.${owner}${to.name}`, {
    owners: [owner],
    type: shapedObject(choices, to.name),
    args: pick(choices, argLists),
    members: [to.name],
    fails: failing(choices),
    guard: drawGuard(choices),
    tags: keyTags[from.keyKind],
  })
}
