import { relative } from 'node:path'

const root = `${import.meta.dirname}/../..`

/** A path as people write it: from the repository's root. */
export const placeOf = (path: string): string => {
  const short = relative(root, path)
  return short.startsWith('..') ? path : short
}

/** What cannot be rendered, and where it is written. */
export class RenderFault extends Error {
  constructor(path: string, why: string) {
    super(`${placeOf(path)}: ${why}`)
    this.name = 'RenderFault'
  }
}
