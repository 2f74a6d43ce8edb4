import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeJwt } from 'jose'
import { createMinter } from '#kit/identity-token'
import { demoPartner, partnerStory } from '../demo/partner.ts'
import { seedDemo } from '../demo/seed.ts'
import type { Operation } from '../operations/operation.ts'
import { registeredOperations } from '../operations.ts'
import type { Person } from '../testing/person.ts'
import { type TestSystem, testSystem } from '../testing/system.ts'

const clock = { offsetMs: 0 }
let it: TestSystem
let admin: Person
let operations: readonly Operation[]
beforeAll(async () => {
  it = await testSystem({ now: () => new Date(Date.now() + clock.offsetMs), watch: false })
  admin = await it.admin()
  operations = await registeredOperations()
}, 60_000)
afterAll(() => it.stop())

const issuer = () => `http://localhost:${it.ports.provider}`
const register = `mutation ($input: RegisterClientInput!) { registerApiClient(input: $input) {
  ... on ClientRegistered { client { id clientId } secretShownOnce } } }`

type Registered = { registerApiClient: { client: Client; secretShownOnce: string } }
type Client = { id: string; clientId: string }

async function newClient(scopes: readonly string[] = ['bookings:read', 'bookings:write']) {
  const input = { idempotencyKey: crypto.randomUUID(), name: `Club ${crypto.randomUUID()}`, scopes }
  const { registerApiClient } = await admin.ask<Registered>(register, { input })
  const { client, secretShownOnce: secret } = registerApiClient
  return { ...client, secret }
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

describe('a partner with curl and a client-credentials token', () => {
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

  test('gets no more than its token was given', async () => {
    const token = await tokenOf(await newClient(['bookings:read']))
    const input = { idempotencyKey: 'one', slotToken: 'not one of ours' }
    const refused = await graph(token, {
      documentId: idOf('PartnerHoldSlot'),
      variables: { input },
    })
    expect(codeOf(refused.body)).toBe('UNAUTHORIZED_FIELD_OR_TYPE')
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

describe('what `up` prints for a partner', () => {
  test('works when it is pasted into a shell, and keeps the secret to its owner', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plexus-partner-'))
    try {
      const credentialsFile = await demo(folder)
      expect((await stat(credentialsFile)).mode & 0o777).toBe(0o600)
      expect(await demo(folder)).toBe(credentialsFile)
      const story = { credentialsFile, issuer: issuer(), origin: it.origin }
      expect(await paste(await partnerStory(story))).toContain('"displayName":"')
      await rm(credentialsFile)
      await demo(folder)
      expect(await paste(await partnerStory(story))).toContain('"displayName":"')
    } finally {
      await rm(folder, { recursive: true })
    }
  }, 60_000)
})

describe('the README', () => {
  test('has a recipe for partners that works', async () => {
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

async function bookFirstSlot(token: string) {
  const run = async (name: string, variables: object) => {
    const { body } = await graph(token, { documentId: idOf(name), variables })
    if (body.errors) throw new Error(JSON.stringify(body.errors))
    return body.data
  }
  const { coach } = await run('PartnerCoach', { slug: 'ines-caron' })
  const serviceId = coach.services.edges[0].node.id
  const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
  const range = { serviceId, from: at(3), to: at(20), timeZone: 'Europe/Paris' }
  const { slots } = await run('PartnerSlots', { input: range })
  const slot = slots.days.flatMap((day: { slots: object[] }) => day.slots)[0]
  const held = { idempotencyKey: crypto.randomUUID(), slotToken: slot.token }
  const { holdSlot } = await run('PartnerHoldSlot', { input: held })
  const paid = { idempotencyKey: crypto.randomUUID(), bookingId: holdSlot.booking.id }
  const { confirmBooking } = await run('PartnerConfirmBooking', { input: paid })
  const { sub } = decodeJwt(token)
  expect(sub).toBeString()
  return { booking: { ...confirmBooking.booking, id: holdSlot.booking.id }, slot }
}
