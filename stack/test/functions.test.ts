import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { simpleParser } from 'mailparser'
import { solved } from '../../subgraphs/auth/test/work.ts'
import { lettersIn } from '../testing/letters.ts'
import { type TestSystem, testSystem, until } from '../testing/system.ts'

let system: TestSystem
beforeAll(async () => {
  system = await testSystem({ settings: () => ({ PROOF_OF_WORK_BITS: '8' }) })
}, 60_000)
afterAll(() => system?.stop())

type Init = { headers?: Record<string, string>; body?: string; cookie?: string }

/** A function as a program calls it: JSON in, JSON out. */
async function call(name: string, input: object, { headers = {}, body }: Init = {}) {
  const response = await fetch(`${system.origin}/f/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: body ?? JSON.stringify(input),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: JSON.parse(text || 'null') }
}

const password = 'four unrelated warm words'

async function proof() {
  const administrator = await system.admin()
  const { proofOfWork } = await administrator.ask<{
    proofOfWork: { challenge: string; difficulty: number }
  }>('{ proofOfWork { challenge difficulty } }')
  return solved(proofOfWork)
}

const draft = async (change: object = {}) => ({
  input: {
    idempotencyKey: crypto.randomUUID(),
    email: `${crypto.randomUUID()}@test.example`,
    displayName: 'Ada Moreau',
    proof: await proof(),
    password,
    ...change,
  },
})

const mails = async () =>
  Promise.all((await lettersIn(system.mailFolder)).map((letter) => simpleParser(letter)))
const mailTo = async (email: string) =>
  (await mails()).find((mail) => mail.to?.value[0]?.address === email)

/** The cookies of somebody who is signed in, as their browser sends them. */
const cookiesOf = (person: { cookies(): ReadonlyMap<string, string> }) =>
  [...person.cookies()].map((pair) => pair.join('=')).join('; ')

describe('POST /f/<name>', () => {
  test('[MS-15] runs the five registered operations of those names', async () => {
    const made = await call('create-account-secure', await draft())
    expect(made).toMatchObject({ status: 200, body: { next: 'VERIFY_EMAIL' } })
    const generated = await call('generate-password', {})
    expect(generated.status).toBe(200)
    expect(generated.body.value).toHaveLength(24)
    expect(generated.body.entropyBits).toBeGreaterThan(128)
    const { email } = await system.account('Léa Martin', ['CLIENT'])
    const person = await system.signIn(email)
    const asPerson = { headers: { cookie: cookiesOf(person), origin: system.origin } }
    const valid = await call('authentication', {
      input: { email, password: 'rivage-tranquille-7' },
    })
    expect(valid).toMatchObject({ status: 200, body: { outcome: 'VALID' } })
    const enrolled = await call('generate-2fa', {}, asPerson)
    expect(enrolled.status).toBe(200)
    expect(enrolled.body.otpauthUrl).toStartWith('otpauth://totp/')
    const verified = await call('verify-2fa', { input: { code: '000000' } }, asPerson)
    expect(verified).toMatchObject({ status: 401, body: { code: 'INVALID_CODE' } })
  }, 20_000)

  test('whoever registers proves the address by the letter, and signs in then', async () => {
    const { input } = await draft()
    await call('create-account-secure', { input })
    await until(async () => (await mailTo(input.email)) !== undefined)
    const text = (await mailTo(input.email))?.text ?? ''
    const [, token] = /\/verify#token=([\w-]{43})/.exec(text) ?? []
    const given = { input: { email: input.email, password } }
    const before = await call('authentication', given)
    expect(before).toMatchObject({ status: 200, body: { outcome: 'EMAIL_UNVERIFIED' } })
    const administrator = await system.admin()
    await administrator.ask('mutation ($t: String!) { verifyEmail(token: $t) { __typename } }', {
      t: token,
    })
    const after = await call('authentication', given)
    expect(after).toMatchObject({ status: 200, body: { outcome: 'VALID' } })
    expect(after.headers.getSetCookie()).toEqual([])
    await system.signIn(input.email, password)
  }, 20_000)

  test('a failure has the status of what it is, and a body that says what to do', async () => {
    const weak = await call('create-account-secure', await draft({ password: 'motdepasse123' }))
    expect(weak).toMatchObject({
      status: 422,
      body: { code: 'WEAK_PASSWORD', problems: ['COMMON'] },
    })
    const invalid = await call('create-account-secure', await draft({ email: 'nobody' }))
    expect(invalid).toMatchObject({ status: 422, body: { code: 'VALIDATION', path: ['email'] } })
    expect(await call('generate-password', { length: 15 })).toMatchObject({ status: 422 })
    const credentials = { input: { email: 'nobody@test.example', password: 'wrong' } }
    for (let tries = 0; tries < 4; tries += 1) {
      expect(await call('authentication', credentials)).toMatchObject({
        status: 401,
        body: { code: 'INVALID_CREDENTIAL' },
      })
    }
    const limited = await call('authentication', credentials)
    expect(limited).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } })
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await call('generate-2fa', {})).toMatchObject({ status: 403 })
    expect(await call('generate-password', { length: 'many' })).toMatchObject({ status: 400 })
  }, 20_000)

  test('takes what a POST to the graph takes, and nothing else', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const cases = [
      [await call('generate-password', {}, { headers: form, body: 'length=24' }), 415],
      [await call('generate-password', {}, { headers: { 'content-type': 'text/plain' } }), 415],
      [await call('generate-password', {}, { headers: { origin: 'https://evil.example' } }), 403],
      [await call('generate-password', {}, { headers: { 'sec-fetch-site': 'cross-site' } }), 403],
      [await call('generate-password', {}, { headers: { 'sec-fetch-site': 'same-site' } }), 403],
      [await call('create-account-secure', await draft({ roles: ['ADMIN'] })), 400],
      [await call('create-account-secure', await draft({ idempotencyKey: '' })), 400],
      [await call('generate-password', {}, { body: '[1]' }), 400],
      [await call('generate-password', {}, { body: 'not json' }), 400],
      // Negative control: the same call from our own page is answered.
      [await call('generate-password', {}, { headers: { origin: system.origin } }), 200],
    ] as const
    expect(cases.map(([{ status }]) => status)).toEqual(cases.map(([, status]) => status))
    const read = await fetch(`${system.origin}/f/generate-password`)
    expect(read.status).toBe(405)
    for (const name of ['delete-everything', 'constructor', '__proto__', 'GeneratePassword']) {
      const other = await fetch(`${system.origin}/f/${name}`, { method: 'POST' })
      expect([404, 405]).toContain(other.status)
    }
  })
})
