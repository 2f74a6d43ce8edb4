import { expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRows } from '../../stack/requirements/rows.ts'

const root = join(import.meta.dir, '../..')
const page = readFileSync(join(root, 'deploy/REQUIREMENTS.md'), 'utf8')

type Line = {
  readonly id: string
  readonly asked: string
  readonly files: readonly string[]
  readonly checks: readonly string[]
  readonly note: string
}

const pathsIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path)

const lines: readonly Line[] = page
  .split('\n')
  .filter((line) => /^\| [A-Z]{2}-\d{2} \|/.test(line))
  .map((line) => {
    const [, id = '', asked = '', files = '', checks = '', note = ''] = line
      .split('|')
      .map((cell) => cell.trim())
    return { id, asked, note, files: pathsIn(files), checks: pathsIn(checks) }
  })

test('every requirement of the deployment has one line, in its own words', async () => {
  const asked = (await readRows(root)).filter(({ kind }) => kind === 'D')
  const count = Map.groupBy(lines, ({ id }) => id)
  expect(asked.filter(({ id }) => count.get(id)?.length !== 1).map(({ id }) => id)).toEqual([])
  const rows = new Map((await readRows(root)).map((row) => [row.id, row.requirement]))
  const foreign = lines.filter(
    ({ id, asked: words }) => rows.get(id)?.replaceAll('|', '/') !== words,
  )
  expect(foreign.map(({ id }) => id)).toEqual([])
})

test('every file that a line names is there', () => {
  const missing = lines.flatMap(({ id, files, checks }) =>
    [...files, ...checks]
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${id} ${path}`),
  )
  expect(missing).toEqual([])
})

test('every check that a line names has a test of that row', () => {
  const silent = lines.flatMap(({ id, checks }) =>
    checks
      .filter((path) => !readFileSync(join(root, path), 'utf8').includes(`[${id}]`))
      .map((path) => `${id} ${path}`),
  )
  expect(silent).toEqual([])
})

test('a line without a file or a check says what is not proven, and why', () => {
  const vague = lines.filter(
    ({ files, checks, note }) =>
      (files.length === 0 || checks.length === 0) &&
      !/^(not proven: |another choice: )\S/.test(note),
  )
  expect(vague.map(({ id }) => id)).toEqual([])
})
