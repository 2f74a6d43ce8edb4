import { afterAll, describe, expect, test } from 'bun:test'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from '../../testing/chromium.ts'
import { withoutBrowser } from '../browser.ts'
import { configFrom } from '../config.ts'
import { reportFrom } from '../junit.ts'
import { chosenSteps, runSteps } from '../run.ts'
import { sourceFrom } from '../source.ts'
import { commandStep, verdict } from '../step.ts'
import { stepsOf } from '../steps.ts'
import { runTests } from '../tests.ts'

const root = await mkdtemp(join(tmpdir(), 'plexus-check-'))
afterAll(() => rm(root, { recursive: true, force: true }))

/** Runs one test file of this text with Bun, in a folder of its own. */
async function run(text: string, flags: string[] = []) {
  const folder = join(root, crypto.randomUUID())
  await mkdir(folder)
  const imports = "import { beforeAll, describe, expect, test } from 'bun:test'\n"
  await Bun.write(join(folder, 'some.test.ts'), imports + text)
  return runTests({ root: folder, files: ['some.test.ts'], folder: join(folder, 'results'), flags })
}

describe('a run of tests', () => {
  test('is counted, and what was skipped is named', async () => {
    const finding = await run(`
      describe('a <group>', () => {
        test('passes', () => {})
        test.skip('is "skipped"', () => {})
      })`)
    expect(finding).toEqual({
      tally: { passed: 1, failed: 0, skipped: 1 },
      faults: [],
      notes: ['skipped: some.test.ts > a <group> > is "skipped"'],
    })
  })

  test('that fails shows what was expected', async () => {
    const { tally, faults } = await run(
      "test('adds', () => expect(1 + 1).toBe(3))\ntest('b', () => {})",
    )
    expect(tally).toEqual({ passed: 1, failed: 1, skipped: 0 })
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatch(/^some\.test\.ts > adds \(some\.test\.ts:2\)\n[\s\S]*Expected: 3/)
  })

  const broken: [string, string, string[]][] = [
    ['does not load', "throw new Error('at load')", []],
    ['does not load, in parallel', "throw new Error('at load')", ['--parallel=2']],
    ['ends the process with 0', "test('a', () => process.exit(0))", []],
    ['ends the process, in parallel', "test('a', () => process.exit(0))", ['--parallel=2']],
    ['has no test', 'export {}', []],
    ['breaks before its first test', "beforeAll(() => { throw 1 })\ntest('a', () => {})", []],
    [
      'breaks after its last',
      "test('a', () => {})\nsetTimeout(() => { throw new Error('late') })\nawait Bun.sleep(20)",
      [],
    ],
  ]
  test.each(broken)('whose file %s is a failure', async (_what, text, flags) => {
    const { tally, faults } = await run(text, flags)
    expect(tally.failed).toBeGreaterThan(0)
    expect(faults.length).toBeGreaterThan(0)
  })
})

test('a report without tests counts nothing', () => {
  const nothing = {
    tally: { passed: 0, failed: 0, skipped: 0 },
    files: [],
    cases: [],
    skipped: [],
    failures: [],
  }
  expect(reportFrom('')).toEqual(nothing)
})

test('a program that fails shows what it printed, one that says nothing its exit code', async () => {
  const print = (code: number, text: string) => [
    '-e',
    `process.stdout.write('${text}'); process.exit(${code})`,
  ]
  expect(await commandStep(print(0, 'fine'), { root })).toEqual(verdict([]))
  expect(await commandStep(print(1, 'line 3'), { root })).toEqual(verdict(['line 3']))
  expect((await commandStep(print(3, ''), { root })).faults[0]).toEndWith('ended with 3')
})

describe('the whole', () => {
  const step = (name: string, faults: string[] = []) => ({ name, run: async () => verdict(faults) })
  const output = async (steps: Parameters<typeof runSteps>[0]) => {
    const lines: string[] = []
    const tally = await runSteps(steps, (line) => lines.push(line))
    return { tally, lines }
  }

  test('ends with one line of the agreed form, and a failed step does not hide the next', async () => {
    const { tally, lines } = await output([step('types', ['kit/a.ts:1: wrong']), step('schema')])
    expect(tally).toEqual({ passed: 1, failed: 1, skipped: 0 })
    expect(lines[0]).toMatch(/^FAIL types +\d+\.\d s$/)
    expect(lines[1]).toBe('    kit/a.ts:1: wrong')
    expect(lines[2]).toMatch(/^ok {3}schema/)
    expect(lines.at(-1)).toBe('1 passed, 1 failed, 0 skipped')
  })

  test('counts a step that throws as failed', async () => {
    const broken = { name: 'schema', run: () => Promise.reject(new Error('does not load')) }
    const { tally, lines } = await output([broken])
    expect(tally.failed).toBe(1)
    expect(lines.join('\n')).toContain('does not load')
  })

  test('can be narrowed to steps by name, and an unknown name is told', () => {
    const steps = [step('types'), step('tests'), step('house style')]
    expect(chosenSteps(steps, []).length).toBe(3)
    expect(chosenSteps(steps, ['House', 'types']).map(({ name }) => name)).toEqual([
      'types',
      'house style',
    ])
    expect(() => chosenSteps(steps, ['nope'])).toThrow('The steps are: types, tests, house style.')
  })

  test('has the steps that the README names, cheap ones first', async () => {
    const steps = await stepsOf(join(import.meta.dir, '../../..'), configFrom({}))
    expect(steps.map(({ name }) => name)).toEqual([
      'format and lint',
      'types',
      'import directions',
      'house style',
      'schema',
      'operations',
      'safe change',
      'tests',
      'browser tests',
      'coverage',
    ])
  })
})

describe('without a browser', () => {
  const story = sourceFrom(
    'web/test/story.browser.test.ts',
    `test('books', () => {})
     describe('a visitor', () => { test.each([
       1,
     ])('sees %s', () => {}) })
     test.skipIf(true)('later', () => {})
     contest('no test', () => {})`,
  )
  const names = ['books', 'sees %s', 'later'].map((name) => `${story.path} > ${name}`)

  test('a laptop skips its tests by name', () => {
    expect(withoutBrowser([story], false)).toEqual({
      tally: { passed: 0, failed: 0, skipped: 3 },
      faults: [],
      notes: names.map((name) => `skipped: ${name} (needs Chromium)`),
    })
  })

  test('continuous integration fails by name', () => {
    const { tally, faults } = withoutBrowser([story], true)
    expect(tally).toEqual({ passed: 0, failed: 3, skipped: 0 })
    expect(faults).toEqual(['Chromium is missing: install the package chromium.', ...names])
  })

  test('a path that was asked for and is not there is no browser', () => {
    expect(findChromium('/nowhere/chromium')).toBeNull()
    expect(findChromium(process.execPath)).toBe(process.execPath)
  })
})

test.each([
  ['', false],
  ['0', false],
  ['false', false],
  ['true', true],
  ['1', true],
])('CI=%s means continuous integration: %s', (value, isCi) => {
  expect(configFrom({ CI: value }).isCi).toBe(isCi)
})
