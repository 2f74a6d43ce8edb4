import { afterAll, beforeAll, expect, test } from 'bun:test'
import { serverAudits } from 'graphql-http'
import type { Person } from '../testing/person.ts'
import { type TestSystem, testSystem } from '../testing/system.ts'

let system: TestSystem
let admin: Person

// Production's rules: only the role that may explore can run the audit's free text.
beforeAll(async () => {
  system = await testSystem({ watch: false })
  admin = await system.admin()
}, 60_000)
afterAll(() => system?.stop())

test('the official GraphQL over HTTP audit passes 61 of 61 for a role that may introspect', async () => {
  const cookie = [...admin.cookies()].map(([name, value]) => `${name}=${value}`).join('; ')
  const audits = serverAudits({
    url: `${system.origin}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, { ...init, headers: { ...Object(init.headers), cookie } }),
  })
  const failed: string[] = []
  for (const audit of audits) {
    const result = await audit.fn()
    if (result.status !== 'ok') failed.push(`${audit.id} ${audit.name}: ${result.reason}`)
  }
  expect(failed).toEqual([])
  expect(audits).toHaveLength(61)
}, 60_000)

test('a client gets one constant answer to free text, and none of the names in the graph', async () => {
  const { email } = await system.account('Plain', ['CLIENT'])
  const client = await system.signIn(email)
  const asked = ['{ viewer { id } }', '{ vewer { id } }', '{ __schema { types { name } } }', '{']
  const messages = new Set<string>()
  for (const query of asked) {
    const { body } = await client.graph({ query })
    expect(body.data ?? null).toBeNull()
    messages.add(`${body.errors?.[0]?.extensions.code}: ${body.errors?.[0]?.message}`)
  }
  expect(messages.size).toBe(1)
})
