import { expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { clusterFrom } from '../model/cluster.ts'
import { objectsIn } from '../render/documents.ts'
import { overlays, renderOverlay } from '../render/overlay.ts'
import { keyOf, type Manifest } from '../render/resource.ts'
import { brokenIn, rules } from '../rules/table.ts'

const folder = join(import.meta.dir, 'invalid')
const objectsOf = (file: string): Manifest[] =>
  objectsIn(readFileSync(join(folder, file), 'utf8'), join(folder, file))

const valid = objectsOf('valid.yaml')
const invalid = readdirSync(folder)
  .filter((file) => file !== 'valid.yaml')
  .map((file) => file.replace('.yaml', ''))

/** The room that breaks no rule, with these objects in place of its own. */
function roomWith(own: readonly Manifest[]) {
  const replaced = new Map([...valid, ...own].map((value) => [keyOf(value), value]))
  return clusterFrom([...replaced.values()])
}

test('a room that breaks no rule is not refused', () => {
  expect(Object.fromEntries(brokenIn(roomWith([])))).toEqual({})
})

test.each(invalid)('%s: its manifest is refused for this one rule', (name) => {
  const broken = brokenIn(roomWith(objectsOf(`${name}.yaml`)))
  expect([...broken.keys()]).toEqual([name])
})

test('every rule has a manifest that breaks it', () => {
  expect(rules.map(({ name }) => name).sort()).toEqual(invalid.sort())
})

test('every rule has a name of its own, and says what it promises', () => {
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length)
  expect(rules.filter(({ promise }) => !promise.endsWith('.'))).toEqual([])
})

test.each(overlays)('%s breaks no rule', (overlay) => {
  const broken = brokenIn(clusterFrom(renderOverlay(overlay)))
  expect(Object.fromEntries(broken)).toEqual({})
})
