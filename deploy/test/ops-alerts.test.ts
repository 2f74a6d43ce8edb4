import { expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { alertCases, alertRules } from './alert-rules.ts'

const runbooks = join(import.meta.dirname, '../runbooks')
const rules = alertRules().map(({ rule }) => rule)

const kebab = (name: string) => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()

test('[BC-11] every alert names a runbook of its own that is there and says what to look at and to do', () => {
  expect(rules.length).toBeGreaterThan(40)
  for (const { alert, annotations } of rules) {
    const file = annotations.runbook_url.split('/deploy/runbooks/')[1] ?? ''
    expect(file).toBe(`${kebab(alert)}.md`)
    const text = readFileSync(join(runbooks, file), 'utf8')
    expect(text).toStartWith(`# ${alert}\n`)
    for (const heading of ['## Look', '## Do']) {
      const part = text.split(`${heading}\n`)[1] ?? ''
      expect({ file, heading, says: /^\n- .{15}/.test(part) }).toEqual({
        ...{ file, heading, says: true },
      })
    }
  }
})

test('runbooks lead to runbooks that are there', () => {
  for (const name of readdirSync(runbooks)) {
    const text = readFileSync(join(runbooks, name), 'utf8')
    for (const [, link = ''] of text.matchAll(/\]\(([\w-]+\.md)(?:#[^)]*)?\)/g)) {
      expect({ name, link, there: existsSync(join(runbooks, link)) }).toMatchObject({ there: true })
    }
  }
})

test('every alert has a severity that Alertmanager has a way for, and a name of its own', () => {
  const severities = new Set(rules.map(({ labels }) => labels.severity))
  expect([...severities].sort()).toEqual(['critical', 'none', 'warning'])
  expect(rules.filter(({ labels }) => labels.severity === 'none')).toMatchObject([
    { alert: 'Watchdog' },
  ])
  const names = rules.map(({ alert }) => alert)
  expect(new Set(names).size).toBe(names.length)
})

test('every alert is tried: once at least it has to fire, and once to be silent', () => {
  const named = new Map(alertCases().map((it) => [it.alert, it]))
  for (const { area, rule } of alertRules()) {
    const tried = named.get(rule.alert)
    expect(tried).toMatchObject({ area, alert: rule.alert })
    expect(tried?.fires ?? 0).toBeGreaterThan(0)
    // The one that always fires is silent when it is broken.
    if (rule.alert !== 'Watchdog') expect(tried?.silent ?? 0).toBeGreaterThan(0)
  }
})

test('a summary has a sentence, and values that a person can read', () => {
  for (const { annotations } of rules) {
    expect(annotations.summary).toMatch(/\.$/)
    expect(annotations.summary).not.toMatch(/\{\{ \$value \}\}/)
  }
})
