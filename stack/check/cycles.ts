import { importsOf, targetOf } from './imports.ts'
import type { Source } from './source.ts'

/**
 * Which files of ours each file imports, types included: a cycle of types is still a cycle to a
 * reader.
 */
export const importGraph = (sources: readonly Source[]): Map<string, string[]> => {
  const paths = new Set(sources.map(({ path }) => path))
  return new Map(
    sources.map((source) => [
      source.path,
      importsOf(source)
        .flatMap(({ specifier }) => (specifier && targetOf(source.path, specifier)) || [])
        .filter((target) => paths.has(target)),
    ]),
  )
}

/** One line a cycle: depth first, a file met again while it is still open closes one. */
export function cycleFaults(sources: readonly Source[]): string[] {
  const graph = importGraph(sources)
  const done = new Set<string>()
  const open: string[] = []
  const faults: string[] = []
  const visit = (path: string) => {
    const start = open.indexOf(path)
    if (start >= 0) faults.push(`import cycle: ${[...open.slice(start), path].join(' -> ')}`)
    if (start >= 0 || done.has(path)) return
    open.push(path)
    for (const target of graph.get(path) ?? []) visit(target)
    open.pop()
    done.add(path)
  }
  for (const path of graph.keys()) visit(path)
  return faults
}
