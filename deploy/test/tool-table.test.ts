import { describe, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tiers } from '../runner/tiers.ts'
import { published } from '../tools/definitions.ts'
import { builtPath, toolMissing } from '../tools/path.ts'
import { type GoTool, ofTheCheck, toolNamed, tools } from '../tools/table.ts'

const folder = join(import.meta.dir, '../tools')
const goTools = tools.filter((tool): tool is GoTool => tool.kind === 'go')

describe.each(goTools.map((tool) => [tool.name, tool] as const))('%s', (_, tool) => {
  const file = (name: string) => readFile(join(folder, 'go', tool.folder, name), 'utf8')

  test('is built from the version that the table says, and from sources whose sums are known', async () => {
    const version = `${tool.module} v${tool.version}`
    expect(await file('go.mod')).toContain(version)
    expect(await file('go.sum')).toContain(`${version} h1:`)
  })

  test('tells the version that it is of, where it is told any', () => {
    const told = (tool.stamps ?? []).filter((stamp) => /[vV]ersion=/.test(stamp))
    for (const stamp of told) expect(stamp.endsWith(tool.version)).toBe(true)
  })
})

test('Python installs exactly what was tried out, each package by its version', async () => {
  for (const { name, ...tool } of tools) {
    if (tool.kind !== 'python') continue
    const lines = (await readFile(join(folder, `python/${name}.txt`), 'utf8')).trim().split('\n')
    expect(lines).toContain(`${name}==${tool.version}`)
    expect(lines.filter((line) => !/^[\w.[\]-]+==[\w.+-]+$/.test(line))).toEqual([])
  }
})

test('definitions are taken of the version that is run, and each has the sum of its module', () => {
  const traefik = toolNamed('traefik')
  const module = published.find(({ module: { path } }) => path.includes('traefik'))?.module
  expect(traefik.kind === 'go' && traefik.version).toBe(module?.version ?? '')
  for (const { module: own } of published) expect(own.sum).toMatch(/^h1:[A-Za-z0-9+/]{43}=$/)
})

test('nothing that the check runs takes minutes to build', () => {
  const named = ofTheCheck.filter((name) => name !== 'schemas').map(toolNamed)
  expect(named.filter((tool) => tool.kind === 'go' && tool.slow)).toEqual([])
})

test('every tool of a tier is in the table, and every tier reports under a name of its own', () => {
  for (const { tools: names } of tiers)
    for (const name of names) expect(toolNamed(name)).toBeDefined()
  expect(new Set(tiers.map(({ report }) => report)).size).toBe(tiers.length)
  expect(() => toolNamed('helm')).toThrow('There is no tool helm')
})

test('a tool that is missing is skipped by name on a laptop, and fails in CI unless it is quickly made', () => {
  const absent = goTools.find((tool) => !existsSync(builtPath(tool)))
  if (!absent) {
    for (const { name } of goTools) expect(toolMissing(name, true)).toBeNull()
    return
  }
  expect(toolMissing(absent.name, false)).toBe(
    `no ${absent.name}: bun deploy/tools.ts ${absent.name}`,
  )
  if (absent.slow) expect(() => toolMissing(absent.name, true)).toThrow('CI=true needs')
})
