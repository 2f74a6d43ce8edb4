import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMinter } from '#kit/identity-token'
import { demoPartner, partnerStory } from '../demo/partner.ts'
import { seedDemo } from '../demo/seed.ts'
import type { Operation } from '../operations/operation.ts'
import { registeredOperations } from '../operations.ts'
import type { Person } from '../testing/person.ts'
import { registerProgram } from '../testing/program.ts'
import { type Shape, shapes, type TestSystem, testSystem, until } from '../testing/system.ts'

const clock = { offsetMs: 0 }
let it: TestSystem
let admin: Person
let operations: readonly Operation[]
const start = async (shape: Shape) => {
  it = await testSystem({ now: () => new Date(Date.now() + clock.offsetMs), watch: false, shape })
  admin = await it.admin()
  operations = await registeredOperations()
}

const issuer = () => `http://localhost:${it.ports.provider}`
const newClient = (scopes: readonly string[] = ['bookings:read', 'bookings:write']) =>
  registerProgram(admin, { scopes })

const create = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  ... on ApiKeyCreated { key { id } secretShownOnce } } }`

/** A key for a day, made by an administrator who has just proven a second factor. */
async function newKey(scopes: readonly string[]): Promise<{ id: string; text: string }> {
  await it.db.connectAdmin()`update auth.web_session set acr = '2', acr_at = now()`
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString()
  const name = `Club ${crypto.randomUUID()}`
  const input = { idempotencyKey: name, name, scopes, expiresAt, rateLimitPerMinute: 90 }
  let made = { id: '', text: '' }
  // The session's new level reaches the gateway a moment after it was written.
  await until(async () => {
    const { body } = await admin.graph({ query: create, variables: { input } })
    const { key, secretShownOnce: text } = Object(body.data?.createApiKey)
    if (key) made = { id: key.id, text }
    return Boolean(key)
  })
  return made
}

/** What curl prints, and the status that it saw. */
async function curl(...args: string[]) {
  const child = Bun.spawn(['curl', '-s', '-i', ...args], { stdout: 'pipe' })
  const [head = '', ...rest] = (await new Response(child.stdout).text()).split('\r\n\r\n')
  await child.exited
  const status = Number(head.split(' ')[1])
  return { status, headers: head.toLowerCase(), text: rest.join('\r\n\r\n') }
}

const askToken = ({ clientId, secret }: { clientId: string; secret: string }) =>
  curl('-u', `${clientId}:${secret}`, '-d', 'grant_type=client_credentials', `${issuer()}/token`)

const tokenOf = async (client: { clientId: string; secret: string }): Promise<string> =>
  JSON.parse((await askToken(client)).text).access_token

const json = ['-H', 'content-type: application/json']

async function graph(token: string, body: object) {
  const bearer = ['-H', `authorization: Bearer ${token}`]
  const answer = await curl(...bearer, ...json, '-d', JSON.stringify(body), `${it.origin}/graphql`)
  return { ...answer, body: JSON.parse(answer.text) }
}

function idOf(name: string) {
  const operation = operations.find((one) => one.name === name)
  if (!operation) throw new Error(`${name} is not registered.`)
  return `sha256:${operation.hash}`
}

const codeOf = (body: { errors?: { extensions: { code: string } }[] }) =>
  body.errors?.[0]?.extensions.code

describe.each(shapes)('a partner with curl and a client-credentials token (%s)', (shape) => {
  beforeAll(() => start(shape), 60_000)
  afterAll(() => it.stop())

  test('runs a registered operation, and is refused its own text', async () => {
    const token = await tokenOf(await newClient())
    const ran = await graph(token, { documentId: idOf('PartnerCoaches'), variables: { first: 2 } })
    expect(ran.status).toBe(200)
    expect(ran.body.errors).toBeUndefined()
    expect(ran.body.data.coaches.edges).toEqual([])
    const own = await graph(token, { documentId: idOf('PartnerBookings') })
    expect(own.body.data.bookings.edges).toEqual([])
    const document = operations.find(({ name }) => name === 'PartnerCoaches')?.document
    for (const query of ['{ viewer { id } }', '{', document]) {
      const refused = await graph(token, { query })
      expect(refused.status).toBe(403)
      expect(codeOf(refused.body)).toBe('OPERATION_NOT_REGISTERED')
      expect(refused.body.data ?? null).toBeNull()
    }
  })

  test('is refused the pages’ operations with the same words', async () => {
    const token = await tokenOf(await newClient())
    const [web] = operations.filter(({ client, kind }) => client === 'web' && kind === 'query')
    const text = await graph(token, { query: '{ viewer { id } }' })
    const page = await graph(token, { documentId: `sha256:${web?.hash}` })
    expect(page.status).toBe(403)
    const said = (body: { errors: { message: string }[] }) => body.errors.map((e) => e.message)
    expect(said(page.body)).toEqual(said(text.body))
  })

  test('gets no more than its token was given', async () => {
    const token = await tokenOf(await newClient(['bookings:read']))
    const input = { idempotencyKey: 'one', slotToken: 'not one of ours' }
    const refused = await graph(token, {
      documentId: idOf('PartnerHoldSlot'),
      variables: { input },
    })
    expect(codeOf(refused.body)).toBe('UNAUTHORIZED_FIELD_OR_TYPE')
  })

  test('or with an API key, runs what partners run, within the scopes and the limit of the key', async () => {
    const { id, text } = await newKey(['bookings:read'])
    const ran = await graph(text, { documentId: idOf('PartnerBookings') })
    expect(ran.body.data.bookings.edges).toEqual([])
    expect(ran.headers).toContain('ratelimit-policy: "client";q=4500;qu="points";w=60')
    const own = await graph(text, { query: '{ viewer { id } }' })
    expect(codeOf(own.body)).toBe('OPERATION_NOT_REGISTERED')
    const input = { idempotencyKey: 'one', slotToken: 'not one of ours' }
    const held = await graph(text, { documentId: idOf('PartnerHoldSlot'), variables: { input } })
    expect(codeOf(held.body)).toBe('UNAUTHORIZED_FIELD_OR_TYPE')
    const revoke = 'mutation ($id: ID!) { revokeApiKey(id: $id) { __typename } }'
    await admin.ask(revoke, { id })
    await until(
      async () => (await graph(text, { documentId: idOf('PartnerBookings') })).status === 401,
    )
  })

  test('books a free slot for itself, sees it in its own bookings, and another partner does not', async () => {
    await demo()
    const [ours, theirs] = [await tokenOf(await newClient()), await tokenOf(await newClient())]
    const { booking, slot } = await bookFirstSlot(ours)
    expect(booking).toMatchObject({ status: 'CONFIRMED', startsAt: slot.start })
    const documentId = idOf('PartnerBookings')
    const [own, others] = [await graph(ours, { documentId }), await graph(theirs, { documentId })]
    expect(own.body.data.bookings.edges).toHaveLength(1)
    expect(own.body.data.bookings.edges[0].node.reference).toBe(booking.reference)
    expect(others.body.data.bookings.edges).toEqual([])
    const byId = { documentId: idOf('PartnerBooking'), variables: { id: booking.id } }
    expect((await graph(ours, byId)).body.data.booking.reference).toBe(booking.reference)
    expect((await graph(theirs, byId)).body.data.booking).toBeNull()
    // For the other side the program is the client, by its name.
    const clients = `{ bookings(first: 1) { edges { node { reference client { displayName } } } } }`
    await until(async () => {
      const { body } = await admin.graph({ query: clients })
      return JSON.stringify(body.data).includes('"displayName":"Club ')
    })
  }, 60_000)

  test('is shown where to pay for what has a price', async () => {
    await demo()
    const token = await tokenOf(await newClient())
    const { bookingId } = await holdFirstSlot(token, false)
    const early = await run(token, 'PartnerConfirmBooking', withKey({ bookingId }))
    expect(early.confirmBooking).toMatchObject({ __typename: 'ConflictError' })
    const { startCheckout } = await run(token, 'PartnerStartCheckout', withKey({ bookingId }))
    expect(startCheckout.__typename).toBe('CheckoutStarted')
    expect((await fetch(startCheckout.redirectUrl)).status).toBe(200)
  }, 60_000)

  test('is asked for a new token when the old one has expired', async () => {
    const client = await newClient()
    const token = await tokenOf(client)
    const documentId = idOf('PartnerBookings')
    try {
      clock.offsetMs = 11 * 60_000
      const expired = await graph(token, { documentId })
      expect(expired.status).toBe(401)
      expect(codeOf(expired.body)).toBe('UNAUTHENTICATED')
      expect(expired.headers).toContain('www-authenticate: bearer realm="plexus"')
    } finally {
      clock.offsetMs = 0
    }
    expect((await graph(token, { documentId })).status).toBe(200)
  })

  test('gets no token once an administrator has disabled it', async () => {
    const client = await newClient()
    expect((await askToken(client)).status).toBe(200)
    await admin.ask('mutation ($id: ID!) { disableApiClient(id: $id) { __typename } }', client)
    const refused = await askToken(client)
    expect(refused.status).toBe(401)
    expect(JSON.parse(refused.text).error).toBe('invalid_client')
  })
})

describe('what is printed for a partner', () => {
  beforeAll(() => start('in-process'), 60_000)
  afterAll(() => it.stop())

  test('by `up` works when it is pasted into a shell, and keeps the secret to its owner', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plexus-partner-'))
    try {
      const credentialsFile = await demo(folder)
      expect((await stat(credentialsFile)).mode & 0o777).toBe(0o600)
      expect(await demo(folder)).toBe(credentialsFile)
      const story = { credentialsFile, tokenUrl: `${issuer()}/token`, origin: it.origin }
      expect(await paste(await partnerStory(story))).toContain('"displayName":"')
      await rm(credentialsFile)
      await demo(folder)
      expect(await paste(await partnerStory(story))).toContain('"displayName":"')
    } finally {
      await rm(folder, { recursive: true })
    }
  }, 60_000)

  test('in the README works as it stands', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plexus-partner-'))
    try {
      const readme = await Bun.file(join(root, 'README.md')).text()
      const [, recipe] = readme.split('### How a partner runs an operation')
      const [, block = ''] = /```sh\n(.*?)```/s.exec(recipe ?? '') ?? []
      const here = block
        .replaceAll('.plexus/partner.curl', await demo(folder))
        .replaceAll('http://localhost:3001', issuer())
        .replaceAll('http://localhost:3000', it.origin)
        .replaceAll('npx --yes bun@1.4.5', process.execPath)
      expect(await paste([here])).toContain('"displayName":"')
    } finally {
      await rm(folder, { recursive: true })
    }
  }, 60_000)
})

const root = join(import.meta.dir, '../..')

const paste = async (lines: readonly string[]) => {
  const child = Bun.spawn(['sh', '-c', lines.join('\n')], { cwd: root, stdout: 'pipe' })
  return new Response(child.stdout).text()
}

/** The demo's people and partner; its file is in `folder`, or nowhere that lasts. */
async function demo(folder?: string) {
  const minter = createMinter({ privateJwk: it.secrets.identityJwk, now: () => new Date() })
  await seedDemo({ rooms: it.system.rooms, minter })
  return folder ? demoPartner({ rooms: it.system.rooms, minter }, folder) : ''
}

async function run(token: string, name: string, variables: object) {
  const { body } = await graph(token, { documentId: idOf(name), variables })
  if (body.errors) throw new Error(JSON.stringify(body.errors))
  return body.data
}

const withKey = (input: object) => ({ input: { idempotencyKey: crypto.randomUUID(), ...input } })

/** Holds the first free time of Léa's first service that has a price, or has none. */
async function holdFirstSlot(token: string, isFree: boolean) {
  const { coach } = await run(token, 'PartnerCoach', { slug: 'lea-martin' })
  const services: { node: { id: string; price: object | null } }[] = coach.services.edges
  const serviceId = services.find(({ node }) => (node.price === null) === isFree)?.node.id
  const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
  const range = { serviceId, from: at(3), to: at(20), timeZone: 'Europe/Paris' }
  const { slots } = await run(token, 'PartnerSlots', { input: range })
  const slot = slots.days.flatMap((day: { slots: object[] }) => day.slots)[0]
  const { holdSlot } = await run(token, 'PartnerHoldSlot', withKey({ slotToken: slot.token }))
  return { slot, bookingId: holdSlot.booking.id }
}

async function bookFirstSlot(token: string) {
  const { slot, bookingId } = await holdFirstSlot(token, true)
  const answer = await run(token, 'PartnerConfirmBooking', withKey({ bookingId }))
  return { slot, booking: answer.confirmBooking.booking }
}
