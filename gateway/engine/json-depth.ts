/** Deeper than anything that people write, and far from where writing JSON fails. */
const levelsMax = 500

/**
 * False for a value so deep that writing it as JSON would fail, and take seconds to. Only values of a
 * graph's own scalars are not as deep as the operation.
 */
export const isWritable = (value: unknown, levels = levelsMax): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((inner) => isWritable(inner, levels - 1)))
