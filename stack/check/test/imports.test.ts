import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { cycleFaults } from '../cycles.ts'
import { entryFaults, importFaults, targetOf } from '../imports.ts'
import { isTest, readSources, type Source, sourceFrom } from '../source.ts'

const packages = { runtime: ['graphql', '@pothos/core'], development: ['fast-check'] }

/** The faults of one import that stands in the file `path`. */
const faultsOf = (path: string, specifier: string) =>
  importFaults([sourceFrom(path, `import { x } from '${specifier}'`)], packages)

describe('an import that the house allows', () => {
  const allowed: [string, string][] = [
    ['kit/serve.ts', '#schema/errors'],
    ['kit/subgraph.ts', '#kit/errors'],
    ['gateway/gateway.ts', '#kit/log'],
    ['gateway/http/routes.ts', '../exchange.ts'],
    ['subgraphs/users/app.ts', './person/queries.ts'],
    ['web/app.tsx', '#schema/scopes'],
    ['stack/up.ts', '../subgraphs/users/app.ts'],
    ['stack/up.ts', '../web/build.ts'],
    ['gateway/test/sign-in.test.ts', '../../stack/testing/database.ts'],
    ['kit/id.test.ts', '../stack/testing/database.ts'],
    ['kit/test/outage.test.ts', '../../stack/postgres.ts'],
    ['kit/builder.ts', '@pothos/core'],
    ['kit/builder.ts', 'graphql/language'],
    ['kit/builder.ts', 'node:crypto'],
    ['kit/rules.test.ts', 'fast-check'],
    ['stack/check.ts', 'fast-check'],
  ]
  test.each(allowed)('%s may import %s', (path, specifier) => {
    expect(faultsOf(path, specifier)).toEqual([])
  })
})

describe('an import that the house refuses', () => {
  const refused: [string, string, string][] = [
    ['schema/errors.ts', '#kit/log', 'schema may not import kit'],
    ['kit/log.ts', '../gateway/gateway.ts', 'kit may not import gateway'],
    ['gateway/gateway.ts', '../subgraphs/users/app.ts', 'gateway may not import subgraphs'],
    ['subgraphs/users/app.ts', '../bookings/app.ts', 'subgraphs do not import each other'],
    ['subgraphs/users/test/a.test.ts', '../../bookings/app.ts', 'do not import each other'],
    ['web/app.tsx', '#kit/log', 'web may not import kit'],
    ['stack/up.ts', '../web/app.tsx', 'stack may not import web'],
    ['gateway/gateway.ts', '../stack/postgres.ts', 'gateway may not import stack'],
    ['gateway/gateway.ts', '../stack/testing/database.ts', 'gateway may not import stack'],
    ['gateway/gateway.ts', '../stack/postgres.ts', 'gateway may not import stack'],
    ['gateway/test/sign-in.test.ts', '../../stack/up.ts', 'gateway may not import stack'],
    ['gateway/gateway.ts', '../kit/log.ts', 'write ../kit/log.ts as #kit/…'],
    ['kit/log.ts', '../../elsewhere/file.ts', 'outside the rooms'],
    ['kit/log.ts', 'left-pad', 'left-pad is not in package.json'],
    ['kit/log.ts', '@pothos/other/deep', '@pothos/other is not in package.json'],
    ['kit/log.ts', 'fast-check', 'fast-check is a development dependency'],
  ]
  test.each(refused)('%s may not import %s', (path, specifier, fault) => {
    const faults = faultsOf(path, specifier)
    expect(faults).toHaveLength(1)
    expect(faults[0]).toStartWith(`${path}:1: `)
    expect(faults[0]).toContain(fault)
  })

  test.each([
    "export { x } from '../gateway/gateway.ts'",
    "export * from '../gateway/gateway.ts'",
    "import type { X } from '../gateway/gateway.ts'",
    "type X = import('../gateway/gateway.ts').X",
    "const x = await import('../gateway/gateway.ts')",
  ])('however it is written: %s', (text) => {
    expect(importFaults([sourceFrom('kit/log.ts', text)], packages)).toHaveLength(1)
  })

  test('that is computed hides where it goes, except in the stack', () => {
    const text = "const load = (name: string) => import('../subgraphs' + name)"
    expect(importFaults([sourceFrom('gateway/load.ts', text)], packages)).toEqual([
      'gateway/load.ts:1: an import must name its file',
    ])
    expect(importFaults([sourceFrom('stack/load.ts', text)], packages)).toEqual([])
  })
})

/** What stores, sends, serves or keeps time: the business rules of a room know nothing of it. */
const infrastructure =
  /^(node:(?!crypto$)|bun$|postgres$|stripe$|nodemailer$|oidc-provider|graphql|@pothos)|^#kit\/(postgres|bus|outbox|inbox|serve|listen|live|log|metrics|run|subgraph|trace|migrations|sweep|relay)/

/** Sees what is loaded; a type alone is not. */
const scanner = new Bun.Transpiler({ loader: 'ts' })

const isRules = ({ path }: Source) => /^subgraphs\/\w+\/\w+\/rules\.ts$/.test(path)

/** What the rules of a room load from beyond the domain, by way of the room's other files too. */
function leaksOf(from: Source, sources: ReadonlyMap<string, Source>): string[] {
  const [seen, open, leaks] = [new Set([from.path]), [from], new Set<string>()]
  for (let source = open.pop(); source; source = open.pop()) {
    for (const { path: specifier } of scanner.scanImports(source.tree.text)) {
      if (infrastructure.test(specifier)) leaks.add(`${source.path}: ${specifier}`)
      const target = sources.get(targetOf(source.path, specifier) ?? '')
      if (!target || seen.has(target.path) || !target.path.startsWith('subgraphs/')) continue
      seen.add(target.path)
      open.push(target)
    }
  }
  return [...leaks]
}

describe('the product', () => {
  const root = join(import.meta.dir, '../../..')

  test('[MP-01] has layers: pages, gateway, subgraphs and kit import each other downwards only', async () => {
    const sources = (await readSources(root)).filter((source) => !isTest(source.path))
    const { dependencies, devDependencies } = await Bun.file(join(root, 'package.json')).json()
    const packages = {
      runtime: Object.keys(dependencies),
      development: Object.keys(devDependencies),
    }
    for (const room of ['web', 'gateway', 'subgraphs', 'kit', 'schema'])
      expect(sources.filter(({ path }) => path.startsWith(`${room}/`)).length).toBeGreaterThan(2)
    expect(importFaults(sources, packages)).toEqual([])
  }, 60_000)

  test('[MP-01] has a domain that knows nothing of the infrastructure', async () => {
    const sources = new Map((await readSources(root)).map((source) => [source.path, source]))
    const rules = [...sources.values()].filter(isRules)
    expect(new Set(rules.map(({ path }) => path.split('/')[1])).size).toBe(4)
    for (const source of rules) expect(leaksOf(source, sources)).toEqual([])
  }, 60_000)

  test('negative control: a rule that reads the database is found, through another file too', () => {
    const rule = sourceFrom('subgraphs/users/person/rules.ts', "import { a } from './a.ts'\na()")
    const between = sourceFrom(
      'subgraphs/users/person/a.ts',
      "import { sql } from '#kit/postgres'\nsql()",
    )
    const sources = new Map([rule, between].map((source) => [source.path, source]))
    expect(leaksOf(rule, sources)).toEqual(['subgraphs/users/person/a.ts: #kit/postgres'])
  })
})

describe('before the packages are installed', () => {
  const install = sourceFrom('stack/install.ts', "import { join } from 'node:path'")

  test('an entry may load Bun, node and files that do the same, and await the rest', () => {
    const entry = sourceFrom(
      'stack/up.ts',
      "import { $ } from 'bun'\nimport { i } from './install.ts'\nawait import('postgres')",
    )
    expect(entryFaults([entry, install])).toEqual([])
  })

  test('a package is found through the files between', () => {
    const entry = sourceFrom('stack/up.ts', "import { i } from './deep.ts'")
    const deep = sourceFrom('stack/deep.ts', "import { log } from '#kit/log'")
    const log = sourceFrom('kit/log.ts', "import pino from 'pino'")
    expect(entryFaults([entry, deep, log])).toEqual([
      'kit/log.ts:1: pino is loaded before the packages are installed',
    ])
  })
})

describe('a cycle', () => {
  const file = (name: string, ...targets: string[]) =>
    sourceFrom(`kit/${name}.ts`, targets.map((to) => `import type { T } from '${to}'`).join('\n'))

  test('of types alone is named with its whole way', () => {
    const sources = [
      file('a', './b.ts'),
      file('b', '#kit/c'),
      file('c', './a.ts'),
      file('d', './a.ts'),
    ]
    expect(cycleFaults(sources)).toEqual([
      'import cycle: kit/a.ts -> kit/b.ts -> kit/c.ts -> kit/a.ts',
    ])
  })

  test('is not two ways to the same file', () => {
    const sources = [
      file('a', './b.ts', './c.ts'),
      file('b', './d.ts'),
      file('c', './d.ts'),
      file('d'),
    ]
    expect(cycleFaults(sources)).toEqual([])
  })
})
