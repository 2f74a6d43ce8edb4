import { type Choices, pick } from '../choices.ts'

const shapes: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => `${name}!`,
  (name) => name,
  (name) => `[${name}!]!`,
  (name) => `[${name}]`,
  (name) => `[${name}!]`,
  (name) => `[[${name}]]`,
]

/** A type around a name: nullable or not, listed or not. */
export const shaped = (choices: Choices, name: string): string => pick(choices, shapes)(name)

/** A list one time in two; never a list of lists. */
export const shapedObject = (choices: Choices, name: string): string =>
  pick(choices, shapes.slice(0, 6))(name)

export const leafNames = ['String', 'Int', 'Float', 'Boolean', 'ID', 'String'] as const

export const shapedLeaf = (choices: Choices): string => shaped(choices, pick(choices, leafNames))

/** How a field of an ordinary draw fails. */
export const failing = (choices: Choices): 'never' | 'null' | 'error' =>
  pick(choices, ['null', 'never', 'null', 'error'] as const)
