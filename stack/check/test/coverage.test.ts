import { expect, test } from 'bun:test'
import { coverageFaults, coverageTable, linesFrom, partsOf, runnableLines } from '../coverage.ts'

const record = (path: string, hits: number[]) =>
  [`SF:${path}`, ...hits.map((count, line) => `DA:${line + 1},${count}`), 'end_of_record'].join(
    '\n',
  )

test('a file in two reports has the lines that either ran', () => {
  const lcov = [record('kit/a.ts', [1, 0, 0]), record('kit/a.ts', [0, 2, 0])].join('\n')
  expect(linesFrom(lcov).get('kit/a.ts')).toEqual({ hit: 2, found: 3 })
})

test('lines that could run are those that remain without types and comments', () => {
  const text = `
    import { x } from './x.ts'
    /** A type. */
    export type A = { a: string }
    // A note.
    export const b = (a: A) => {
      return x(a)
    }`
  expect(runnableLines(text, 'ts')).toBe(2)
  expect(runnableLines('export type A = 1', 'ts')).toBe(0)
  expect(runnableLines('export const Page = () => <p>text</p>', 'tsx')).toBeGreaterThan(0)
})

const lcov = [record('kit/a.ts', [1, 1, 1, 1]), record('subgraphs/users/b.ts', [1, 1, 1, 1, 0])]
const measured = linesFrom(lcov.join('\n'))
const source = (path: string, text = '') => ({ path, text })
const loaded = [source('kit/a.ts'), source('subgraphs/users/b.ts')]

test('each room and each subgraph is a part of its own', () => {
  const parts = partsOf(measured, [
    ...loaded,
    source('subgraphs/auth/types.ts', 'export type A = 1'),
  ])
  expect(parts.map(({ part, percent, ok }) => [part, percent, ok])).toEqual([
    ['kit', 100, true],
    ['subgraphs/users', 80, true],
    ['subgraphs/auth', 100, true],
  ])
  expect(coverageFaults(parts, measured, loaded)).toEqual([])
})

test('a file that no test loads counts with all its lines and none run', () => {
  const forgotten = source('kit/forgotten.ts', 'a()\nb()\n')
  const sources = [...loaded, forgotten]
  const parts = partsOf(measured, sources)
  expect(parts[0]).toEqual({ part: 'kit', hit: 4, found: 6, percent: 66.6, ok: false })
  expect(coverageFaults(parts, measured, sources)).toEqual([
    'kit: 66.6 % of its lines, at least 80 %',
    '  kit/forgotten.ts: 2 lines not run',
  ])
})

test('just below 80 % is below 80 %', () => {
  const almost = linesFrom(record('kit/a.ts', [...Array(7_999).fill(1), ...Array(2_001).fill(0)]))
  expect(partsOf(almost, [source('kit/a.ts')])[0]).toMatchObject({ percent: 79.9, ok: false })
})

test('tests are not measured, and web is counted apart', () => {
  const sources = [
    ...loaded,
    source('kit/test/world.ts', 'a()'),
    source('web/app.tsx', 'export const a = 1'),
  ]
  const parts = partsOf(measured, sources)
  expect(parts[0]).toMatchObject({ part: 'kit', percent: 100 })
  expect(parts.at(-1)).toMatchObject({ part: 'web', percent: 0, ok: true })
  expect(coverageTable(parts)).toEqual([
    'kit                  100.0 %  4 of 4 lines',
    'subgraphs/users       80.0 %  4 of 5 lines',
    'web                    0.0 %  0 of 1 lines  (counted apart)',
  ])
})
