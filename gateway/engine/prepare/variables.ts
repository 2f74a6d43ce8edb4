import { type DocumentNode, Kind, type ValueNode, visit } from 'graphql'

/** The names of the variables that stand in a document or a value. */
export function variablesIn(node: DocumentNode | ValueNode): ReadonlySet<string> {
  const names = new Set<string>()
  visit(node, { [Kind.VARIABLE]: ({ name }) => void names.add(name.value) })
  return names
}

/** The name, with underscores before it as long as the client has a variable of that name. */
export const freeName = (taken: { has(name: string): boolean }, name: string): string =>
  taken.has(name) ? freeName(taken, `_${name}`) : name
