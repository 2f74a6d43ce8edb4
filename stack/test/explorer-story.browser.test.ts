import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { BrowserContext, Page } from 'playwright-core'
import { browserMissing, sharedBrowser } from '../testing/browser.ts'
import { offerSessions } from '../testing/coach.ts'
import type { Person } from '../testing/person.ts'
import { programToken, registerProgram } from '../testing/program.ts'
import { adminAccount, type TestSystem, testSystem, until } from '../testing/system.ts'

const skipped = browserMissing(process.env.CI === 'true')

let it: TestSystem
let admin: Person
let context: BrowserContext
let page: Page

beforeAll(async () => {
  if (skipped) return
  it = await testSystem({ web: true })
  const coaching = it
    .person('Léa Martin', ['COACH'])
    .then((coach) => offerSessions(coach, { slug: 'lea-martin' }))
  const [browser, signedIn] = await Promise.all([sharedBrowser(), it.admin(), coaching])
  admin = signedIn
  context = await browser.newContext({
    ...{ baseURL: it.origin, locale: 'en-GB', reducedMotion: 'reduce' },
    viewport: { width: 1_280, height: 900 },
  })
  context.setDefaultTimeout(20_000)
  page = await context.newPage()
}, 120_000)
afterAll(async () => {
  await context?.close()
  await it?.stop()
})

/** What a new program of a partner shows with each request. */
async function program(): Promise<string> {
  const wanted = { name: 'Club Lagune', scopes: ['bookings:read'], rateLimitPerMinute: 600 }
  return programToken(it, await registerProgram(admin, wanted))
}

const name = 'ClubCoaches'
// On one line: the editor would close brackets of its own at the end of others.
const query = [
  `query ${name} { coaches(first: 3) { edges { node { slug displayName`,
  'services { edges { node { name } } } } } } }',
].join(' ')

const pane = () => page.locator('.pane')
const press = (button: string) => pane().getByRole('button', { name: button, exact: true }).click()

async function signIn() {
  await page.goto('/auth/login?returnTo=/graphiql')
  await page.getByLabel('E-mail').fill(adminAccount.email)
  await page.getByLabel('Password', { exact: true }).fill(adminAccount.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL('**/graphiql')
}

/** Replaces what stands in the editor, once GraphiQL has read the operation's name. */
async function write(operation: string, document: string) {
  await page.locator('.graphiql-query-editor .monaco-editor').first().click()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.insertText(document)
  await page.getByRole('button', { name: operation, exact: true }).waitFor()
}

async function open(title: string) {
  await page.getByRole('button', { name: `Show ${title}`, exact: true }).click()
  await page.getByRole('heading', { level: 2, name: title }).waitFor()
}

/** What the gateway answers to the next request of that operation. */
async function answered(operation: string, act: () => Promise<unknown>) {
  const [response] = await Promise.all([
    page.waitForResponse((one) =>
      (one.request().postData() ?? '').includes(`"operationName":"${operation}"`),
    ),
    act(),
  ])
  return { status: response.status(), body: await response.json() }
}

const run = () => page.getByRole('button', { name: /^Execute/ }).click()

async function plansAndRuns() {
  await write(name, query)
  await open('Plan and cost')
  await press('Plan this operation')
  await pane()
    .getByText(/^Cost: \d+ estimated, 10,000 allowed/)
    .waitFor()
  await pane().locator('summary', { hasText: 'bookings' }).first().waitFor()
  const { body } = await answered(name, run)
  expect(body.data.coaches.edges[0].node.slug).toBe('lea-martin')
  await open('Last run')
  await pane()
    .getByText(new RegExp(`^${name}: [\\d.]+ ms in all; requests to services: \\d`))
    .waitFor()
  const times = await pane().getByRole('listitem').allInnerTexts()
  expect(times.join()).toMatch(/bookings.*\d to [\d.]+ ms · bytes: \d+ · .*cost \d+ · answered/s)
}

async function looksAsOthers() {
  const contract = page.getByLabel('Contract')
  const { body } = await answered('IntrospectionQuery', () => contract.selectOption('partner'))
  const fieldsOf = (type: string): string[] =>
    body.data.__schema.types
      .find((one: { name: string }) => one.name === type)
      .fields.map((field: { name: string }) => field.name)
  expect(fieldsOf('Query')).toContain('coaches')
  expect(fieldsOf('Query')).not.toContain('auditEvents')
  const viewer = page.getByLabel('See as')
  await viewer.selectOption('COACH')
  await page.getByText(/^View only:/).waitFor()
  expect((await answered(name, run)).body.errors).toBeUndefined()
  await answered('IntrospectionQuery', () => contract.selectOption('admin'))
  await write('Out', 'mutation Out { endImpersonation { __typename } }')
  const refused = await answered('Out', run)
  expect([refused.status, refused.body.errors[0].extensions.code]).toEqual([403, 'FORBIDDEN'])
  await viewer.selectOption('MYSELF')
}

async function keepsAndPublishes() {
  await write(name, query)
  await open('Saved operations')
  await pane().getByLabel('Share with the other administrators').check()
  await press('Save what is in the editor')
  await pane().getByText('“ClubCoaches” is saved.').waitFor()
  await pane().getByText('Shared', { exact: true }).waitFor()
  await open('Publish')
  await pane().getByLabel('Client', { exact: true }).fill('partner')
  await press(`Publish ${name}`)
  await pane()
    .getByText(/^Published: ClubCoaches, cost \d+\.$/)
    .waitFor()
}

/** The operation as the program runs it: its status, and its code where it was refused. */
async function byRest(token: string) {
  const headers = { authorization: `Bearer ${token}` }
  const response = await fetch(`${it.origin}/api/v1/club-coaches`, { headers })
  return { status: response.status, body: await response.json() }
}

/** What was run is written down every few seconds. */
async function isCounted() {
  const calls = `query ($name: String) { persistedOperations(search: $name) {
    edges { node { name calls } } } }`
  await until(async () => {
    type Calls = { persistedOperations: { edges: { node: { calls: number } }[] } }
    const { persistedOperations } = await admin.ask<Calls>(calls, { name })
    return (persistedOperations.edges[0]?.node.calls ?? 0) > 0
  })
}

async function findsItsUse() {
  await page.goto('/admin/usage?search=Coach.slug')
  const row = page.getByRole('row', { name: /^Coach\.slug/ })
  await row.getByText('Club Lagune (').waitFor()
}

async function retires() {
  await page.goto(`/admin/operations?search=${name}`)
  const row = page.getByRole('row', { name: new RegExp(name) })
  expect(await row.textContent()).toMatch(/partner/)
  await row.getByText(/^95 % within/).waitFor()
  await row.getByRole('button', { name: /^Retire/ }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Retire' }).click()
  await row.getByText(/^Retired/).waitFor()
}

describe.skipIf(skipped !== null)('in a real browser', () => {
  test('an administrator explores, publishes for partners what a program then runs, sees its use and retires it', async () => {
    const [token] = await Promise.all([program(), signIn()])
    await plansAndRuns()
    await looksAsOthers()
    expect((await byRest(token)).status).toBe(404)
    await keepsAndPublishes()
    await until(async () => (await byRest(token)).status === 200)
    expect((await byRest(token)).body.edges[0].node.slug).toBe('lea-martin')
    await isCounted()
    await findsItsUse()
    await retires()
    await until(async () => (await byRest(token)).status === 410)
    expect((await byRest(token)).body.code).toBe('OPERATION_RETIRED')
  }, 90_000)
})
