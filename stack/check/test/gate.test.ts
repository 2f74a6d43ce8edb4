import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configFrom } from '../config.ts'
import { stepsOf } from '../steps.ts'

/** A repository of a few lines: what the gate says about it is known. */
const files = {
  'package.json': JSON.stringify({ dependencies: {}, devDependencies: {} }),
  'kit/add.ts': 'export const add = (a: number, b: number) => {\n  return a + b\n}\n',
  'kit/add.test.ts': `
    import { expect, test } from 'bun:test'
    import { add } from './add.ts'
    test('adds', () => expect(add(1, 1)).toBe(2))
    test('is told which servers', () => {
      expect(process.env.PLEXUS_TEST_POSTGRES).toBe('postgres://given')
      expect(process.env.PLEXUS_TEST_KEYCLOAK).toBe('http://client:secret@given')
    })`,
  'kit/forgotten.ts': 'export const a = () => {\n  return 1\n}\n',
  'gateway/bad_name.ts':
    "import { add } from '../subgraphs/users/app.ts'\nconst p = process.env.P\n",
  'docs/requirements.json': '[]',
  'kit/test/claim.test.ts': "import { test } from 'bun:test'\ntest('[FC-30] pays', () => {})",
  'web/test/page.browser.test.ts': "import { test } from 'bun:test'\ntest('looks', () => {})",
}

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plexus-gate-'))
  await Promise.all(Object.entries(files).map(([path, text]) => Bun.write(join(root, path), text)))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const given = {
  PLEXUS_TEST_POSTGRES: 'postgres://given',
  PLEXUS_TEST_KEYCLOAK: 'http://client:secret@given',
  PLEXUS_CHROMIUM: '/nowhere',
}

async function findingOf(name: string, env: Record<string, string> = given) {
  const steps = await stepsOf(root, configFrom(env))
  const step = steps.find((candidate) => candidate.name === name)
  if (!step) throw new Error(`There is no step ${name}.`)
  return step.run()
}

describe('the gate, on a small repository', () => {
  test('finds the import that goes the wrong way', async () => {
    const { faults } = await findingOf('import directions')
    expect(faults).toEqual([
      'gateway/bad_name.ts:1: gateway may not import subgraphs (../subgraphs/users/app.ts)',
    ])
  })

  test('finds the claim, the name and the read of the environment', async () => {
    const { faults } = await findingOf('house style')
    expect(faults).toEqual([
      'kit/test/claim.test.ts:2: FC-30 is no requirement',
      'gateway/bad_name.ts: names are written in kebab-case',
      'gateway/bad_name.ts:2: only config.ts reads the environment',
    ])
  })

  test('says that nothing was measured before the tests ran', async () => {
    const { tally, faults } = await findingOf('coverage')
    expect(tally.failed).toBe(1)
    expect(faults).toEqual(['Nothing was measured: the tests did not run.'])
  })

  test('[MP-19] runs the tests, measures what they ran, and refuses less than 80 %', async () => {
    const { tally, faults } = await findingOf('tests')
    expect(faults).toEqual([])
    expect(tally).toEqual({ passed: 3, failed: 0, skipped: 0 })
    const measured = await findingOf('coverage')
    expect(measured.notes?.join('\n')).toMatch(/^kit +\d+\.\d %/m)
    expect(measured.tally.failed).toBe(1)
    expect(measured.faults.join('\n')).toMatch(/^kit: \d+(\.\d)? % of its lines, at least 80 %$/m)
    expect(measured.faults.join('\n')).toContain('kit/forgotten.ts: 2 lines not run')
  })

  test('runs the browser tests with the browser that it found', async () => {
    const { tally } = await findingOf('browser tests', {
      ...given,
      PLEXUS_CHROMIUM: process.execPath,
    })
    expect(tally).toEqual({ passed: 1, failed: 0, skipped: 0 })
  })

  test('skips the browser tests by name where there is no browser, and fails them in CI', async () => {
    const skipped = await findingOf('browser tests')
    expect(skipped.tally).toEqual({ passed: 0, failed: 0, skipped: 1 })
    const failed = await findingOf('browser tests', { ...given, CI: 'true' })
    expect(failed.tally).toEqual({ passed: 0, failed: 1, skipped: 0 })
    for (const { notes = [], faults } of [skipped, failed]) {
      expect([...notes, ...faults].join()).toContain('web/test/page.browser.test.ts > looks')
    }
  })

  test('shows what a program says that cannot do its work', async () => {
    const { tally, faults } = await findingOf('types')
    expect(tally.failed).toBe(1)
    expect(faults.join()).toContain('typescript')
  })
})
