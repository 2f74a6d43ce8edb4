import { join } from 'node:path'
import ts from 'typescript'

/** One file of ours, parsed once for every rule. `path` is relative to the repository. */
export type Source = { readonly path: string; readonly text: string; readonly tree: ts.SourceFile }

export const sourceFrom = (path: string, text: string): Source => ({
  path,
  text,
  tree: ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true),
})

const rooms = ['deploy', 'gateway', 'kit', 'schema', 'stack', 'subgraphs', 'web'] as const
export type Room = (typeof rooms)[number]

/** Every hand-written TypeScript file of the product. */
export async function readSources(root: string): Promise<Source[]> {
  const files = rooms.map((room) =>
    Array.fromAsync(new Bun.Glob(`${room}/**/*.{ts,tsx}`).scan({ cwd: root })),
  )
  const paths = (await Promise.all(files)).flat().filter(isWritten).sort()
  return Promise.all(
    paths.map(async (path) => sourceFrom(path, await Bun.file(join(root, path)).text())),
  )
}

const isWritten = (path: string) => !/\.generated\.|\.d\.ts$|(^|\/)(node_modules|dist)\//.test(path)

/** Tests and what only tests use; the suites of `deploy` run against a cluster of their own. */
export const isTest = (path: string): boolean =>
  /\.test\.tsx?$|\.(contract|suite)\.ts$|(^|\/)test\/|^stack\/testing\/|^deploy\/(api|cluster)\//.test(
    path,
  )

export const isBrowserTest = (path: string): boolean => /\.browser\.test\.tsx?$/.test(path)

/** The room a file lives in; null for a path outside all of them. */
export const roomOf = (path: string): Room | null =>
  rooms.find((room) => path.startsWith(`${room}/`)) ?? null

/** `file:line`, as editors and terminals open it. */
export const placeOf = ({ path, tree }: Source, position: number): string =>
  `${path}:${tree.getLineAndCharacterOfPosition(position).line + 1}`

/** Calls `visit` for each node of the file, parents first. */
export function walk({ tree }: Source, visit: (node: ts.Node) => void): void {
  const each = (node: ts.Node) => {
    visit(node)
    ts.forEachChild(node, each)
  }
  each(tree)
}
