import { basename } from 'node:path'

/** What Bun says of each output: its entry point, if it is one, and what it imports. */
export type Outputs = Record<
  string,
  { entryPoint?: string; imports: readonly { path: string; kind: string }[] }
>

/** Gzipped bytes: the JavaScript that a first visit needs (`pages` include the shell), style, one language. */
export type WebSizes = {
  shell: number
  pages: Record<string, number>
  css: number
  language: number
}

const page = /routes\/(.+)\/page\.tsx$/

/** A file and everything that it imports statically, each once. */
function closure(
  outputs: Map<string, Outputs[string]>,
  name: string,
  seen: Set<string>,
): Set<string> {
  const output = outputs.get(name)
  if (!output || seen.has(name)) return seen
  seen.add(name)
  for (const { path, kind } of output.imports)
    if (kind === 'import-statement') closure(outputs, basename(path), seen)
  return seen
}

const outputsByName = (outputs: Outputs) =>
  new Map(Object.entries(outputs).map(([path, output]) => [basename(path), output]))

const mainOf = (outputs: ReadonlyMap<string, Outputs[string]>): string =>
  [...outputs].find(([, { entryPoint = '' }]) => entryPoint.endsWith('main.tsx'))?.[0] ?? ''

/** The files of the shell, the entry first. */
export function shellOf(outputs: Outputs): string[] {
  const named = outputsByName(outputs)
  return [...closure(named, mainOf(named), new Set())]
}

/** Adds up what the browser loads: the entry, the larger language, the boot script, then each page. */
export function sizesOf(outputs: Outputs, gzipBytes: ReadonlyMap<string, number>): WebSizes {
  const named = outputsByName(outputs)
  const sum = (names: Iterable<string>): number =>
    [...names].reduce((total, name) => total + (gzipBytes.get(name) ?? 0), 0)
  const entries = [...named].map(([name, { entryPoint = '' }]) => ({ name, entryPoint }))
  const languages = [...gzipBytes].filter(([name]) => /^(en|fr)\.generated-/.test(name))
  const boot = [...gzipBytes].filter(([name]) => name.startsWith('boot-')).map(([name]) => name)
  const language = Math.max(0, ...languages.map(([, bytes]) => bytes))
  const shell = new Set(shellOf(outputs))
  for (const name of boot) shell.add(name)
  const pages = entries.flatMap(({ name, entryPoint }) => {
    const [, route] = page.exec(entryPoint) ?? []
    return route ? [[route, sum(closure(named, name, new Set(shell)))] as const] : []
  })
  const styles = [...gzipBytes.keys()].filter((name) => name.endsWith('.css'))
  return {
    shell: sum(shell),
    pages: Object.fromEntries(pages),
    css: sum(styles),
    language,
  }
}
