import { expect, test } from 'bun:test'
import { homedir, hostname } from 'node:os'
import { join } from 'node:path'
import { reportFrom } from '../../stack/check/junit.ts'
import { reportText } from '../runner/report.ts'
import { scrubbed } from '../runner/scrub.ts'
import { tierOf } from '../runner/tiers.ts'

const root = join(import.meta.dir, '../..')

test('a report knows neither the paths nor the name of the machine that wrote it', () => {
  const text = [
    `<testsuite name="a" hostname="${hostname()}" file="${root}/deploy/a.ts">`,
    `at ${homedir()}/.cache/plexus/tools and on ${hostname()}`,
  ].join('\n')
  const clean = scrubbed(text)
  for (const own of [root, homedir(), hostname()].filter((name) => name !== 'localhost'))
    expect(clean).not.toContain(own)
  expect(clean).toContain('file="./deploy/a.ts"')
})

const xml = `<testsuites><testsuite name="a">
  <testcase name="works" file="a.suite.ts" />
  <testcase name="needs sops (no sops)" file="a.suite.ts"><skipped /></testcase>
</testsuite></testsuites>`

test('a report says the command, the day, every version, what was built, and what was not run and why', () => {
  const text = reportText({
    command: 'bun run deploy:test --api',
    date: new Date('2026-11-22T05:00:00Z'),
    seconds: 61,
    cpuSeconds: 30,
    versions: [{ name: 'etcd', version: '3.4.23' }],
    made: [{ name: 'kubectl', seconds: 12 }],
    notRun: [{ step: 'a | b', why: 'it cannot be had' }],
    report: reportFrom(xml),
  })
  expect(text).toContain('# `bun run deploy:test --api`')
  expect(text).toContain('2026-11-22 05:00 UTC')
  expect(text).toContain('1 passed, 0 failed, 1 skipped, in 61 s')
  expect(text).toContain('| etcd | 3.4.23 |')
  expect(text).toContain('| kubectl | 12 |')
  expect(text).toContain('| a \\| b | it cannot be had |')
  expect(text).toContain('needs sops (no sops)')
})

test('a flag that nobody knows is refused with those that there are', () => {
  expect(tierOf([]).report).toBe('tools')
  expect(tierOf(['--api']).report).toBe('api')
  expect(() => tierOf(['--everything'])).toThrow('--api | --cluster')
  expect(() => tierOf(['--api', 'more'])).toThrow('--api | --cluster')
})
