import type { Fact } from './draft.ts'
import type { Instance } from './instance.ts'
import type { Model } from './model.ts'

/**
 * True where a field may be lost with the subgraph: it is resolved there, or somebody may go that
 * way to it. Where this is false, the field has to be there.
 */
export function mayBeLost(
  { entities }: Model,
  { fact, source, dead }: { fact: Fact; source: Instance | null; dead: string },
): boolean {
  const { owners, members, requires, tags, seed } = fact
  const entity = entities.get(source?.__typename ?? '')
  const isOfInterface = [...members].some((name) => entities.get(name)?.implementations.length)
  if (requires !== null || isOfInterface || entity?.implementations.length) return true
  const from = source?.owners ?? []
  const isHere = from.length > 0 && from.every((one) => owners.includes(one))
  // What is provided is here on one path only.
  const isAlways = !tags.includes('@override with a label') && !seed.endsWith('.given')
  if (isHere && isAlways) return from.includes(dead)
  if (entity?.keyKind === 'multiple') return true
  const isValue = source && !entity && from.length > 0
  return (isValue ? owners.filter((one) => from.includes(one)) : owners).includes(dead)
}
