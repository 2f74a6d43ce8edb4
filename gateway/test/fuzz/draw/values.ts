import { addField, type Draft, defined, type Guard } from '../draft.ts'

/** Objects without a key. Every subgraph that knows one resolves all of it. */
const valueTypes = {
  Card: { title: 'String', size: 'Int!', tint: 'String', hint: 'String' },
  Box: { title: 'String', weight: 'Float' },
  Crate: { crate: 'String!', depth: 'Int' },
  Vault: { title: 'String', gold: 'Int!' },
  Ghost: { title: 'String', boo: 'Int' },
} as const

export type ValueName = keyof typeof valueTypes

export const vaultGuard: Guard = {}

/** Makes the subgraph know the type. */
export function defineValue(draft: Draft, subgraph: string, name: ValueName): void {
  const definition = defined(draft, subgraph, name)
  definition.directives.add('@shareable')
  if (name === 'Ghost') definition.directives.add('@inaccessible')
  if (name === 'Vault') {
    definition.directives.add('@authenticated')
    draft.guards.set(name, vaultGuard)
  }
  for (const [field, type] of Object.entries(valueTypes[name])) {
    const coordinate = `${name}.${field}`
    const owners = [...new Set([...(draft.facts.get(coordinate)?.owners ?? []), subgraph])]
    addField(draft, coordinate, { owners, type, fails: type.endsWith('!') ? 'never' : 'null' })
    for (const owner of owners) defined(draft, owner, name).fields.set(field, `${field}: ${type}`)
  }
}
