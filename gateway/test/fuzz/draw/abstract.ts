import { some } from '../choices.ts'
import { addField, type Draft, defined, type Entity, factOf } from '../draft.ts'
import { defineEntity, drawGuard, steady } from './entities.ts'
import { failing, shapedLeaf, shapedObject } from './shapes.ts'
import { defineValue } from './values.ts'

/** A union of which each of two subgraphs knows other members, and one field that both resolve. */
export function drawUnion(draft: Draft): void {
  const { choices, entities } = draft
  const [first = '', second = ''] = some(choices, draft.subgraphs, 2)
  const [entity] = some(choices, [...entities.values()].filter(isPlain), 1)
  if (!entity) return
  const values = { [first]: ['Card'], [second]: ['Card', 'Crate', 'Vault'] } as const
  const tags = ['union that differs'] as const
  for (const [subgraph, names] of Object.entries(values)) {
    const union = defined(draft, subgraph, 'Thing', 'union')
    for (const name of names) defineValue(draft, subgraph, name)
    if (subgraph === first) defineEntity(draft, subgraph, entity)
    const members = subgraph === first ? [...names, entity.name] : names
    for (const name of members) union.members.add(name)
    addField(draft, `Query.${subgraph}Thing`, {
      ...{ owners: [subgraph], members, tags },
      type: shapedObject(choices, 'Thing'),
      args: '(n: Int = 0)',
      fails: failing(choices),
    })
  }
  const owners = [first, second]
  addField(draft, 'Query.sharedThing', { owners, type: 'Thing', members: ['Card'], tags })
}

const isPlain = ({ implementations }: Entity) => implementations.length === 0

/** An interface that two subgraphs write differently: other implementations, and other fields. */
export function drawInterface(draft: Draft): void {
  const { choices, entities } = draft
  const plain = [...entities.values()].filter(isPlain)
  const [first = '', second = ''] = some(choices, draft.subgraphs, 2)
  const inFirst = plain.filter((one) => steady(one).includes(first) && one.members.includes(second))
  const inSecond = plain.filter((one) => steady(one).includes(second))
  const known = { [first]: inFirst, [second]: inSecond.filter((one) => !inFirst.includes(one)) }
  const tags = ['interface that differs'] as const
  for (const [subgraph, implementing] of Object.entries(known)) {
    const named = defined(draft, subgraph, 'Named', 'interface')
    named.fields.set('title', 'title: String')
    if (subgraph === second) named.fields.set('hint', 'hint: String')
    defineValue(draft, subgraph, 'Card')
    defined(draft, subgraph, 'Card').interfaces.add('Named')
    for (const { name } of implementing) defined(draft, subgraph, name).interfaces.add('Named')
    const members = ['Card', ...implementing.map(({ name }) => name)]
    addField(draft, `Query.${subgraph}Named`, {
      ...{ owners: [subgraph], members, tags },
      type: shapedObject(choices, 'Named'),
      args: '(n: Int = 0)',
      fails: failing(choices),
    })
  }
  for (const { name } of Object.values(known).flat())
    addField(draft, `${name}.hint`, {
      ...{ owners: [second], type: 'String', guard: drawGuard(choices), tags },
    })
}

/** An interface with a key, which another subgraph widens without knowing its implementations. */
export function drawInterfaceObject(draft: Draft): void {
  const { choices } = draft
  const [home = '', guest = ''] = some(choices, draft.subgraphs, 2)
  const implementations = ['Paper', 'Quill']
  const tags = ['interface object'] as const
  draft.entities.set('Node', {
    ...{ name: 'Node', keyKind: 'simple', members: [home, guest], implementations },
    lost: new Map(),
    objectIn: new Set([guest]),
  })
  const node = defined(draft, home, 'Node', 'interface')
  node.directives.add('@key(fields: "id")')
  node.fields.set('id', 'id: ID!').set('ink', 'ink: String')
  const seed = 'Node.id'
  for (const name of [...implementations, 'Node'])
    draft.facts.set(
      `${name}.id`,
      factOf(`${name}.id`, { seed, owners: [], type: 'ID!', kind: 'key' }),
    )
  for (const name of implementations) {
    const type = defined(draft, home, name)
    type.directives.add('@key(fields: "id")')
    type.interfaces.add('Node')
    type.fields.set('id', 'id: ID!')
    addField(draft, `${name}.ink`, {
      ...{ owners: [home], type: 'String', fails: failing(choices), guard: drawGuard(choices) },
    })
    addField(draft, `${name}.own${name}`, { owners: [home], type: shapedLeaf(choices) })
  }
  const object = defined(draft, guest, 'Node')
  object.directives.add('@key(fields: "id")').add('@interfaceObject')
  object.fields.set('id', 'id: ID!')
  for (const field of ['grade', 'weight']) addForAll(field)

  function addForAll(field: string) {
    const [type, fails] = [shapedLeaf(choices), failing(choices)]
    addField(draft, `Node.${field}`, { owners: [guest], type, fails, tags })
    for (const name of implementations)
      draft.facts.set(
        `${name}.${field}`,
        factOf(`Node.${field}`, { owners: [guest], type, fails, tags }),
      )
  }
}
