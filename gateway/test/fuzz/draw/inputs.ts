import { pick, some } from '../choices.ts'
import { addField, type Draft, defined } from '../draft.ts'
import { steady } from './entities.ts'
import { failing, shaped } from './shapes.ts'
import { defineValue } from './values.ts'

/** An enum that two subgraphs return with other values, and one that they take so. */
export function drawEnums(draft: Draft): void {
  const { choices } = draft
  const [first = '', second = ''] = some(choices, draft.subgraphs, 2)
  const values = { [first]: ['UP', 'DOWN'], [second]: ['DOWN', 'SIDE'] }
  const orders = { [first]: ['ASC', 'DESC'], [second]: ['DESC', 'ASC', 'RANDOM'] }
  const tags = ['enum that differs'] as const
  for (const subgraph of [first, second]) {
    const members = values[subgraph] ?? []
    for (const value of members) defined(draft, subgraph, 'Mood', 'enum').members.add(value)
    for (const value of orders[subgraph] ?? [])
      defined(draft, subgraph, 'Order', 'enum').members.add(value)
    addField(draft, `Query.${subgraph}Mood`, {
      ...{ owners: [subgraph], members, tags },
      type: shaped(choices, 'Mood'),
      args: '(order: Order = ASC, n: Int, orders: [Order!])',
      fails: failing(choices),
    })
  }
}

/** An input of which the graph offers only what both subgraphs know. */
export function drawInputs(draft: Draft): void {
  const { choices } = draft
  const [first = '', second = ''] = some(choices, draft.subgraphs, 2)
  const tags = ['input that differs'] as const
  for (const subgraph of [first, second]) {
    const input = defined(draft, subgraph, 'Filter', 'input')
    input.fields.set('min', 'min: Int')
    input.fields.set('max', 'max: Int = 5').set('also', 'also: [Filter!]')
    if (subgraph === first) input.fields.set('word', 'word: String')
    addField(draft, `Query.${subgraph}Search`, {
      ...{ owners: [subgraph], tags },
      type: shaped(choices, 'String'),
      args: '(filter: Filter, filters: [Filter] = [{ min: 1 }])',
      fails: failing(choices),
    })
  }
}

/** What subgraphs have and the client does not see: a value, a type, a field that others need. */
export function drawInaccessible(draft: Draft): void {
  const { choices } = draft
  const [subgraph = ''] = some(choices, draft.subgraphs, 1)
  const tags = ['@inaccessible'] as const
  const mode = defined(draft, subgraph, 'Mode', 'enum')
  mode.members.add('ON').add('OFF').add('SECRET @inaccessible')
  const owners = [subgraph]
  addField(draft, 'Query.mode', {
    ...{ owners, tags, members: ['ON', 'OFF', 'SECRET'] },
    type: shaped(choices, 'Mode'),
    args: '(n: Int)',
  })
  for (const name of ['Box', 'Ghost'] as const) {
    defineValue(draft, subgraph, name)
    defined(draft, subgraph, 'Haunt', 'union').members.add(name)
  }
  addField(draft, 'Query.haunt', {
    ...{ owners, tags, members: ['Box', 'Ghost'] },
    type: shaped(choices, 'Haunt'),
    args: '(n: Int)',
  })
  const entity = [...draft.entities.values()].find((one) => steady(one).length > 1)
  const [from = '', to = ''] = entity?.implementations.length === 0 ? steady(entity) : []
  if (!entity || !to) return
  addField(draft, `${entity.name}.hidden`, {
    ...{ owners: [from], type: 'Int', directives: '@inaccessible', tags },
  })
  defined(draft, to, entity.name).fields.set('hidden', 'hidden: Int @external')
  addField(draft, `${entity.name}.shown`, {
    ...{ owners: [to], type: 'String', requires: 'hidden', tags },
    directives: '@requires(fields: "hidden")',
  })
}

export function drawScalars(draft: Draft): void {
  const { choices } = draft
  const [first = ''] = some(choices, draft.subgraphs, 1)
  const tags = ['custom scalar'] as const
  defined(draft, first, 'Json', 'scalar')
  addField(draft, 'Query.json', {
    ...{ owners: [first], tags },
    type: shaped(choices, 'Json'),
    args: '(value: Json, stamp: Stamp, list: [Json!])',
    fails: failing(choices),
  })
  defined(draft, first, 'Stamp', 'scalar')
  const entity = pick(choices, [...draft.entities.values()])
  const [owner = ''] = some(choices, steady(entity), 1)
  if (entity.implementations.length > 0) return
  for (const name of ['Json', 'Stamp']) {
    defined(draft, owner, name, 'scalar')
    addField(draft, `${entity.name}.${name.toLowerCase()}`, {
      ...{ owners: [owner], tags },
      type: shaped(choices, name),
      fails: failing(choices),
    })
  }
}
