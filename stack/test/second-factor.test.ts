import { afterAll, beforeAll, expect, test } from 'bun:test'
import { HOTP, Secret } from 'otpauth'
import { lettersIn } from '../testing/letters.ts'
import { Person } from '../testing/person.ts'
import { type TestSystem, testPassword, testSystem, until } from '../testing/system.ts'

// What a second factor does on its way through gateway, graph, provider, audit and mail.
let it: TestSystem
const clock = { offsetMs: 0 }
beforeAll(async () => {
  it = await testSystem({ now: () => new Date(Date.now() + clock.offsetMs) })
}, 60_000)
afterAll(() => it?.stop())

/** The next code of an app: half a minute later, so that each is another. */
function codeOf(secret: string): string {
  clock.offsetMs += 30_000
  const counter = Math.floor((Date.now() + clock.offsetMs) / 30_000)
  return HOTP.generate({
    secret: Secret.fromBase32(secret),
    algorithm: 'SHA1',
    digits: 6,
    counter,
  })
}

type Session = { authenticated: boolean; acr: string }
const sessionOf = async (person: Person): Promise<Session> =>
  (await person.send('/auth/session')).json()

const regenerate = `mutation { regenerateRecoveryCodes {
  __typename ... on RecoveryCodes { codes } ... on UserError { code } } }`

async function enrol(person: Person) {
  type Enrolled = { enrolTotp: { secret: string } }
  const { enrolTotp } = await person.ask<Enrolled>(
    'mutation { enrolTotp { ... on TotpEnrolment { secret } } }',
  )
  return enrolTotp.secret
}

const verify = async (person: Person, code: string) =>
  (
    await person.ask<{ verifyTotp: { __typename: string; recoveryCodes?: string[] } }>(
      `mutation ($code: String!) { verifyTotp(input: { code: $code }) {
        __typename ... on TotpVerified { acr recoveryCodes } } }`,
      { code },
    )
  ).verifyTotp

/** The page to which a sign-in leads after the password. */
async function afterPassword(person: Person, email: string) {
  const page = await person.follow('/auth/login?returnTo=/')
  return person.follow(page.url, formOf(page.url, { email, password: testPassword }))
}

const formOf = (url: string, fields: Record<string, string>) => ({
  method: 'POST',
  headers: { origin: new URL(url).origin },
  body: new URLSearchParams(fields),
})

const letters = async () => (await lettersIn(it.mailFolder)).join('\n')

const actionsOf = async (sql: ReturnType<TestSystem['db']['connectAdmin']>) => {
  const rows = await sql<{ action: string }[]>`select action from users.audit_event`
  return rows.map(({ action }) => action)
}

test('the next sign-in asks for the code; who is signed in already shows it for a sensitive act', async () => {
  const { email } = await it.account('Berta Klein', ['CLIENT'])
  const [berta, phone] = [await it.signIn(email), await it.signIn(email)]
  const secret = await enrol(berta)
  await verify(berta, codeOf(secret))
  expect(await sessionOf(phone)).toMatchObject({ acr: '1' })
  const page = await phone.follow('/auth/login?acr=2&returnTo=/')
  const asked = await page.response.text()
  expect(asked).toContain('name="code"')
  expect(asked).not.toContain('name="password"')
  await phone.follow(page.url, formOf(page.url, { code: codeOf(secret) }))
  expect(await sessionOf(phone)).toMatchObject({ authenticated: true, acr: '2' })
  const browser = new Person(it.origin)
  const next = await afterPassword(browser, email)
  expect(await next.response.text()).toContain('name="code"')
  expect((await sessionOf(browser)).authenticated).toBe(false)
  await browser.follow(next.url, formOf(next.url, { code: codeOf(secret) }))
  expect(await sessionOf(browser)).toMatchObject({ authenticated: true, acr: '2' })
}, 60_000)

test('setting up an app opens what needs a second factor, for a while, and is told to everybody who must know', async () => {
  const { email } = await it.account('Ada Moreau', ['CLIENT'])
  const ada = await it.signIn(email)
  const denied = await ada.graph({ query: regenerate })
  expect(denied.body.errors?.[0]?.extensions.code).toBe('UNAUTHORIZED_FIELD_OR_TYPE')
  const secret = await enrol(ada)
  const verified = await verify(ada, codeOf(secret))
  expect(verified.recoveryCodes).toHaveLength(10)
  await until(async () => (await sessionOf(ada)).acr === '2')
  const allowed = await ada.graph({ query: regenerate })
  expect(allowed.body.data).toMatchObject({
    regenerateRecoveryCodes: { __typename: 'RecoveryCodes' },
  })
  const sql = it.db.connectAdmin()
  await until(async () => (await actionsOf(sql)).includes('auth.recovery-codes-replaced'))
  expect(await actionsOf(sql)).toContain('auth.totp-enabled')
  await until(async () => (await letters()).includes(email))
  clock.offsetMs += 901_000
  expect(await sessionOf(ada)).toMatchObject({ authenticated: true, acr: '1' })
  const again = await ada.graph({ query: regenerate })
  expect(again.body.errors?.[0]?.extensions.code).toBe('UNAUTHORIZED_FIELD_OR_TYPE')
}, 60_000)
