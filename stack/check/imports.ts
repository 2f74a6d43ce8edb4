import { posix } from 'node:path'
import ts from 'typescript'
import { isTest, placeOf, type Room, roomOf, type Source, walk } from './source.ts'

/** Which room may import which; a room's own files are always allowed. */
const mayImport: Readonly<Record<Room, readonly Room[]>> = {
  schema: [],
  kit: ['schema'],
  gateway: ['kit', 'schema'],
  subgraphs: ['kit', 'schema'],
  web: ['schema'],
  stack: ['gateway', 'subgraphs', 'kit', 'schema'],
  deploy: ['stack', 'kit', 'schema'],
}

/** Rooms that everybody reaches by `#room/…`, never by a path that climbs out of one's own. */
const aliased: readonly Room[] = ['kit', 'schema']

/** What a test of any room may use of the stack: its helpers, ports, and a PostgreSQL of its own. */
const testSupport = /^stack\/(testing\/|postgres\.ts$|ports\.ts$)/

/** The stack builds the client with it; it is no part of the client. */
const webBuilder = 'web/build.ts'

/** What these load must exist in a clone that has nothing installed. */
const entries = ['stack/up.ts', 'stack/check.ts']

export type Import = {
  /** Null when the specifier is computed while running. */
  readonly specifier: string | null
  readonly place: string
  /** False for `await import(…)`, which runs only when its line does. */
  readonly atLoad: boolean
}

const textOf = (node: ts.Node | undefined) =>
  node && ts.isStringLiteralLike(node) ? node.text : null

/** Static, dynamic and type imports and re-exports of one file. */
export function importsOf(source: Source): Import[] {
  const found: Import[] = []
  const add = (node: ts.Node, specifier: string | null, atLoad: boolean) =>
    found.push({ specifier, place: placeOf(source, node.getStart()), atLoad })
  walk(source, (node) => {
    const isStatic = ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
    if (isStatic && node.moduleSpecifier) add(node, textOf(node.moduleSpecifier), true)
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node, textOf(node.argument.literal), false)
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node, textOf(node.arguments[0]), false)
    }
  })
  return found
}

/** The repository path that a specifier of ours means; null for a package. */
export function targetOf(path: string, specifier: string): string | null {
  const [, room, file] = /^#(kit|schema)\/(.+)$/.exec(specifier) ?? []
  if (room && file) return `${room}/${file}.ts`
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : null
}

/** The subgraph of a path, since subgraphs are strangers to each other. */
const subgraphOf = (path: string) => /^subgraphs\/([^/]+)\//.exec(path)?.[1]

/** Why `path` may not import `target`; null when it may. */
function directionFault(path: string, target: string, specifier: string): string | null {
  const [from, to] = [roomOf(path), roomOf(target)]
  if (!from || !to) return `${specifier} is outside the rooms`
  if (isTest(path) && testSupport.test(target)) return null
  if (from === 'stack' && target === webBuilder) return null
  if (from === to && subgraphOf(path) === subgraphOf(target)) return null
  if (from === to) return `subgraphs do not import each other (${specifier})`
  if (!mayImport[from].includes(to)) return `${from} may not import ${to} (${specifier})`
  if (aliased.includes(to) && !specifier.startsWith('#')) return `write ${specifier} as #${to}/…`
  return null
}

type Packages = { readonly runtime: readonly string[]; readonly development: readonly string[] }

/**
 * The stack runs on laptops, deploy where images are made, and web is bundled before it ships: none
 * needs its tools in production.
 */
const mayUseTools = (path: string) =>
  isTest(path) || ['deploy', 'stack', 'web'].includes(roomOf(path) ?? '')

const builtIn = /^(node|bun):|^bun$/

/** Why `path` may not import this package; null when it may. */
function packageFault(path: string, specifier: string, packages: Packages): string | null {
  if (builtIn.test(specifier)) return null
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  if (packages.runtime.includes(name)) return null
  if (!packages.development.includes(name)) return `${name} is not in package.json`
  return mayUseTools(path) ? null : `${name} is a development dependency`
}

/** Every import that breaks the directions of the house, one line each. */
export function importFaults(sources: readonly Source[], packages: Packages): string[] {
  return sources.flatMap((source) =>
    importsOf(source).flatMap(({ specifier, place }) => {
      if (specifier === null) {
        const computed =
          ['deploy', 'stack'].includes(roomOf(source.path) ?? '') || isTest(source.path)
        return computed ? [] : [`${place}: an import must name its file`]
      }
      const target = targetOf(source.path, specifier)
      const fault = target
        ? directionFault(source.path, target, specifier)
        : packageFault(source.path, specifier, packages)
      return fault ? [`${place}: ${fault}`] : []
    }),
  )
}

/** Packages that an entry file would load before anything is installed, one line each. */
export function entryFaults(sources: readonly Source[]): string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const seen = new Set<string>()
  const faults: string[] = []
  const follow = (path: string) => {
    const source = byPath.get(path)
    if (!source || seen.has(path)) return
    seen.add(path)
    for (const { specifier, place, atLoad } of importsOf(source)) {
      if (!specifier || !atLoad || builtIn.test(specifier)) continue
      const target = targetOf(path, specifier)
      if (target) follow(target)
      else faults.push(`${place}: ${specifier} is loaded before the packages are installed`)
    }
  }
  for (const entry of entries) follow(entry)
  return faults
}
