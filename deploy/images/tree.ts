import { dirname } from 'node:path'

export type Node =
  | { readonly kind: 'file'; readonly bytes: Uint8Array; readonly mode: number }
  | { readonly kind: 'folder'; readonly mode: number }

/** What a layer holds, by its path without a leading slash. */
export type Tree = ReadonlyMap<string, Node>

const encoder = new TextEncoder()

export const file = (content: Uint8Array | string, mode = 0o644): Node => ({
  kind: 'file',
  bytes: typeof content === 'string' ? encoder.encode(content) : content,
  mode,
})

export const folder = (mode = 0o755): Node => ({ kind: 'folder', mode })

const byPath = ([one]: readonly [string, Node], [other]: readonly [string, Node]) =>
  one < other ? -1 : 1

function* foldersAbove(path: string): Generator<string> {
  for (let above = dirname(path); above !== '.'; above = dirname(above)) yield above
}

/** In the one order in which a layer is written, every folder before what is in it. */
export function ordered(tree: Tree): [string, Node][] {
  const whole = new Map(tree)
  for (const path of tree.keys())
    for (const above of foldersAbove(path)) if (!whole.has(above)) whole.set(above, folder())
  return [...whole].sort(byPath)
}
