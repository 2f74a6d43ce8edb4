/** An object of JSON: of an answer, or of answers that were merged. */
export type Tree = Record<string, unknown>

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same for lists as well: whatever holds further values under keys. */
export const isBranch = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null
