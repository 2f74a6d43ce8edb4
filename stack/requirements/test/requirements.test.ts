import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { sourceFrom } from '../../check/source.ts'
import { claimFaults, claimsIn, kindOf } from '../claims.ts'
import { reportOf } from '../report.ts'
import { type Row, readRows } from '../rows.ts'
import { testSources } from '../sources.ts'

const root = join(import.meta.dir, '../../..')

const rows: Row[] = [
  {
    id: 'FC-30',
    document: '000_fae217eb9a7bb10a.txt',
    kind: 'F',
    requirement: 'Stripe payments',
    counts: true,
  },
  {
    id: 'FC-31',
    document: '000_fae217eb9a7bb10a.txt',
    kind: 'F',
    requirement: 'Request validation',
    counts: true,
  },
  {
    id: 'FC-28',
    document: '000_fae217eb9a7bb10a.txt',
    kind: 'N',
    requirement: 'TypeORM',
    counts: false,
  },
  {
    id: 'BC-04',
    document: '003_c0038942a746cc56.txt',
    kind: 'F',
    requirement: 'Stripe integration',
    counts: true,
  },
]

const testFile = (path: string, text: string) => sourceFrom(path, text)
const paying = testFile(
  'subgraphs/billing/test/pay.test.ts',
  `describe('a person', () => {
     test('[FC-30] [BC-04] pays', () => {})
     test.each([
       1,
     ])('[FC-30] pays %s times', () => {})
     test.skipIf(true)(\`[FC-31] is told \${name}\`, () => {})
     test('proves nothing', () => it.tells('[FC-31] of no test'))
     test.skip('[FC-31] is left out', () => {})
     test('[FC-30] [FC-31] [BC-04] claims too much', () => {})
     test.todo.each([1])('[FC-31] comes later')
   })`,
)

describe('a test claims', () => {
  test('what its name begins with, whatever the test’s form', () => {
    expect(claimsIn([paying]).map(({ id, name }) => [id, name])).toEqual([
      ['FC-30', '[FC-30] [BC-04] pays'],
      ['BC-04', '[FC-30] [BC-04] pays'],
      ['FC-30', '[FC-30] pays %s times'],
      ['FC-31', '[FC-31] is told '],
    ])
  })

  test.each([
    ['web/test/story.browser.test.ts', 'browser'],
    ['gateway/test/login.test.ts', 'integration'],
    ['kit/bus.contract.ts', 'integration'],
    ['subgraphs/bookings/slot/rules.test.ts', 'unit'],
    ['bench/slots.test.ts', 'bench'],
    ['deploy/k3s/test/render.test.ts', 'manifest'],
  ] as const)('in %s as %s', (path, kind) => {
    expect(kindOf(path)).toBe(kind)
  })
})

describe('the check refuses', () => {
  const bad: [string, string][] = [
    ['[FC-99] pays', 'FC-99 is no requirement'],
    ['[XX-01] pays', 'XX-01 is no requirement'],
    ['[FC-30] [FC-31] [BC-04] pays', 'a test proves at most 2 requirements'],
    ['[FC-30] [FC-30] pays', 'a requirement is named twice'],
    ['pays [FC-30]', 'ids stand first, each in brackets of its own: [FC-30] [BC-04] …'],
    ['[FC-30, BC-04] pays', 'ids stand first, each in brackets of its own: [FC-30] [BC-04] …'],
    ['[FC-30] pays [BC-04]', 'ids stand first, each in brackets of its own: [FC-30] [BC-04] …'],
  ]
  test.each(bad)('a test named "%s"', (name, fault) => {
    const source = testFile('kit/a.test.ts', `\ntest('${name}', () => {})`)
    expect(claimFaults([source], rows)).toEqual([`kit/a.test.ts:2: ${fault}`])
  })

  test('no test of ours', async () => {
    expect(claimFaults(await testSources(root), await readRows(root))).toEqual([])
  })

  test('nothing in names that claim what there is', () => {
    expect(
      claimFaults([testFile('kit/b.test.ts', "test('[FC-30] pays', () => {})")], rows),
    ).toEqual([])
  })
})

describe('the report', () => {
  const report = (results: Parameters<typeof reportOf>[2]) =>
    reportOf(rows, claimsIn([paying]), results)

  test('tells for each document what is proven, by which tests, and what is open', () => {
    expect(report(null).slice(2)).toEqual([
      'FitConnect (000_fae217eb9a7bb10a.txt): 2 of 2 proven',
      '  proven  FC-30  Stripe payments  [integration 2]',
      '  proven  FC-31  Request validation  [integration 1]',
      '  1 rows are choices of tools and do not count',
      '',
      'BusinessCare (003_c0038942a746cc56.txt): 1 of 1 proven',
      '  proven  BC-04  Stripe integration  [integration 1]',
      '',
      '3 of 3 requirements proven',
    ])
    const open = reportOf(rows, [], null)
    expect(open).toContain('  open    FC-30  Stripe payments')
    expect(open.at(-1)).toBe('0 of 3 requirements proven')
  })

  const file = 'subgraphs/billing/test/pay.test.ts'
  type Ran = [name: string, outcome: 'passed' | 'failed' | 'skipped', file?: string]
  const after = (...ran: Ran[]) =>
    report(ran.map(([name, outcome, where = file]) => ({ name, outcome, file: where })))

  test('does not take as proven what failed or was skipped in the last check', () => {
    const lines = after(
      ['[FC-30] pays 1 times', 'passed'],
      ['[FC-30] pays 2 times', 'failed'],
      ['[FC-31] is told by mail', 'skipped'],
    )
    expect(lines[0]).toEndWith(', which ran no test of 1 that are called proven.')
    expect(lines).toContain(
      '  failed  FC-30  Stripe payments  [integration 2 (1 not in the last check)]',
    )
    expect(lines).toContain('  skipped FC-31  Request validation  [integration 1]')
    expect(lines).toContain(
      '  proven  BC-04  Stripe integration  [integration 1 (not in the last check)]',
    )
    expect(lines.at(-1)).toBe('1 of 3 requirements proven')
  })

  test('knows what passed', () => {
    const lines = after(
      ['[FC-30] [BC-04] pays', 'passed'],
      ['[FC-30] pays 1 times', 'passed'],
      ['[FC-31] is told by mail', 'passed'],
    )
    expect(lines[0]).toBe('Judged by the names of the tests and the results of the last check.')
    expect(lines.at(-1)).toBe('3 of 3 requirements proven')
  })

  test('takes no result of a test that is gone, or of a namesake, for one that is there', () => {
    const lines = after(
      ['[BC-04] paid once upon a time', 'failed'],
      ['[FC-30] [BC-04] pays', 'passed', 'kit/test/other.test.ts'],
    )
    expect(lines).toContain(
      '  proven  BC-04  Stripe integration  [integration 1 (not in the last check)]',
    )
  })
})

test('the command prints the five documents and ends well, whatever is open', async () => {
  const child = Bun.spawn([process.execPath, 'stack/requirements.ts'], {
    cwd: root,
    stdout: 'pipe',
  })
  const output = await new Response(child.stdout).text()
  expect(await child.exited).toBe(0)
  for (const title of [
    'FitConnect',
    'MecaPy',
    'k3s VPS GitOps',
    'BusinessCare',
    'MSPR secure accounts',
  ]) {
    expect(output).toMatch(
      new RegExp(`^${title} \\(00\\d_\\w+\\.txt\\): \\d+ of \\d+ proven$`, 'm'),
    )
  }
  expect(output.trimEnd()).toMatch(/\d+ of 233 requirements proven$/)
}, 30_000)
