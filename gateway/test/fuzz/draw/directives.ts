import { pick, some } from '../choices.ts'
import { addField, type Draft, defined, type Entity, factOf } from '../draft.ts'
import { defineEntity, steady } from './entities.ts'
import { defineValue } from './values.ts'

const leafs = ['String', 'Int!', 'Boolean', '[Float!]', 'ID'] as const

const plainEntities = (draft: Draft): Entity[] =>
  [...draft.entities.values()].filter(({ implementations }) => implementations.length === 0)

/** Two subgraphs that know all of an entity, for so many entities at most. */
const hostsOf = (draft: Draft, count: number) => {
  const hosts = plainEntities(draft).filter((entity) => steady(entity).length > 1)
  return some(draft.choices, hosts, count).map((entity) => {
    const [first = '', second = ''] = some(draft.choices, steady(entity), 2)
    return { name: entity.name, first, second, entity }
  })
}

/** Null when there is none. */
const hostOf = (draft: Draft) => hostsOf(draft, 1)[0] ?? null

/** A field that is made of others, and a second one that is made of the first. */
export function drawRequires(draft: Draft): void {
  const host = hostOf(draft)
  if (!host) return
  const { name, first, second } = host
  const type = pick(draft.choices, leafs)
  addField(draft, `${name}.base`, { owners: [first], type, fails: failsAs(type) })
  external(draft, second, name, `base: ${type}`)
  const made = { type: pick(draft.choices, ['String', 'String!']), fails: 'never' } as const
  addField(draft, `${name}.made`, {
    ...{ owners: [second], ...made, requires: 'base', tags: ['@requires'] },
    directives: '@requires(fields: "base")',
  })
  const [last = first] = some(
    draft.choices,
    host.entity.members.filter((member) => member !== second),
    1,
  )
  external(draft, last, name, `made: ${made.type}`)
  addField(draft, `${name}.remade`, {
    ...{ owners: [last], type: 'String', requires: 'made' },
    directives: '@requires(fields: "made")',
    tags: ['@requires', '@requires chain'],
  })
}

export function drawRequiresWithArguments(draft: Draft): void {
  const host = hostOf(draft)
  if (!host) return
  const { name, first, second } = host
  const args = '(unit: String = "kg", n: Int)'
  addField(draft, `${name}.mass`, { owners: [first], type: 'String', args })
  external(draft, second, name, `mass${args}: String`)
  const requires = pick(draft.choices, ['mass(unit: "g", n: 2)', 'mass(unit: "lb")'])
  addField(draft, `${name}.freight`, {
    ...{ owners: [second], type: 'String', requires },
    directives: `@requires(fields: ${JSON.stringify(requires)})`,
    tags: ['@requires', '@requires with arguments'],
  })
}

export function drawRequiresWithFragments(draft: Draft): void {
  const host = hostOf(draft)
  if (!host) return
  const { name, first, second } = host
  const type = pick(draft.choices, ['Media', '[Media!]', 'Media!'])
  for (const subgraph of [first, second]) {
    for (const member of ['Card', 'Box'] as const) {
      defineValue(draft, subgraph, member)
      defined(draft, subgraph, 'Media', 'union').members.add(member)
    }
  }
  addField(draft, `${name}.media`, {
    owners: [first],
    type,
    members: ['Card', 'Box'],
    fails: failsAs(type),
  })
  external(draft, second, name, `media: ${type}`)
  const requires = 'media { ... on Card { size } ... on Box { weight } }'
  addField(draft, `${name}.poster`, {
    ...{ owners: [second], type: 'String', requires },
    directives: `@requires(fields: "${requires}")`,
    tags: ['@requires', '@requires with fragments'],
  })
}

export function drawProvides(draft: Draft): void {
  const { choices } = draft
  const [entity] = some(choices, plainEntities(draft), 1)
  const owner = entity && steady(entity)[0]
  if (!entity || !owner) return
  const guest = pick(
    choices,
    draft.subgraphs.filter((one) => one !== owner),
  )
  defineEntity(draft, guest, entity)
  const { name } = entity
  addField(draft, `${name}.given`, {
    owners: [owner],
    ...{ type: 'String', directives: '@shareable' },
  })
  external(draft, guest, name, 'given: String')
  const fact = draft.facts.get(`${name}.given`)
  if (fact) draft.facts.set(`${name}.given`, { ...fact, owners: [owner, guest] })
  addField(draft, `Query.${guest}Offered`, {
    owners: [guest],
    ...{ type: pick(choices, [name, `[${name}!]`]), members: [name], args: '(n: Int = 0)' },
    directives: '@provides(fields: "given")',
    tags: ['@provides'],
  })
}

export function drawOverride(draft: Draft): void {
  override(draft, 'moved', '')
}

const labels = ['percent(0)', 'percent(50)', 'percent(100)', 'canary'] as const

export function drawOverrideWithLabel(draft: Draft): void {
  override(draft, 'moving', pick(draft.choices, labels))
}

function override(draft: Draft, field: string, label: string): void {
  const tags = [label ? '@override with a label' : '@override'] as const
  for (const { name, first, second } of hostsOf(draft, 2)) {
    defined(draft, first, name).fields.set(field, `${field}: String`)
    const directives = `@override(from: "${first}"${label && `, label: "${label}"`})`
    addField(draft, `${name}.${field}`, { owners: [second], type: 'String', directives, tags })
    // With a label either may be asked: the draw decides.
    const fact = draft.facts.get(`${name}.${field}`)
    if (fact && label) draft.facts.set(`${name}.${field}`, { ...fact, owners: [first, second] })
  }
}

/** One subgraph promises a value where the other one does not. */
export function drawNullability(draft: Draft): void {
  const host = hostOf(draft)
  if (!host) return
  const { name, first, second } = host
  const owners = [first, second]
  const tags = ['nullability that differs'] as const
  defined(draft, first, name).fields.set('soft', 'soft: String! @shareable')
  defined(draft, second, name).fields.set('soft', 'soft: String @shareable')
  const fact = factOf(`${name}.soft`, { owners, type: 'String', fails: 'never', tags })
  draft.facts.set(`${name}.soft`, fact)
}

/** What others are made of is there, where it must be. */
const failsAs = (type: string) => (type.includes('!') ? 'never' : 'null')

function external(draft: Draft, subgraph: string, typeName: string, line: string): void {
  const [field = ''] = line.split(/\W/)
  defined(draft, subgraph, typeName).fields.set(field, `${line} @external`)
}
