import { afterAll, beforeAll, expect, test } from 'bun:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import Ajv2020 from 'ajv/dist/2020.js'
import { createMinter } from '#kit/identity-token'
import { seedDemo } from '../demo/seed.ts'
import { programToken, registerProgram } from '../testing/program.ts'
import { type TestSystem, testSystem } from '../testing/system.ts'

let it: TestSystem
let authorization = ''
beforeAll(async () => {
  it = await testSystem({ watch: false })
  const minter = createMinter({ privateJwk: it.secrets.identityJwk, now: () => new Date() })
  await seedDemo({ rooms: it.system.rooms, minter })
  const program = await registerProgram(await it.admin(), {
    scopes: ['bookings:read', 'bookings:write'],
  })
  authorization = `Bearer ${await programToken(it, program)}`
}, 60_000)
afterAll(() => it?.stop())

const call = async (path: string, values?: object, headers: Record<string, string> = {}) => {
  const response = await fetch(`${it.origin}${path}`, {
    ...(values && { method: 'POST', body: JSON.stringify(values) }),
    headers: { authorization, 'content-type': 'application/json', ...headers },
  })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

type Operation = {
  responses: { 200: { content: { 'application/json': { schema: object } } } }
}

test('[FC-32] a partner reads what it may run, books a time by it, and every answer is as described', async () => {
  const { body: description } = await call('/api/openapi.json')
  expect((await new Validator().validate(structuredClone(description))).valid).toBe(true)
  const names = Object.keys(description.paths)
  expect(names).toContain('/partner-coach/{slug}')
  expect(names.every((name) => name.startsWith('/partner-'))).toBe(true)
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
  ajv.addSchema({ $id: 'api', ...description })
  const checked = (
    path: string,
    method: 'get' | 'post',
    { status, body }: { status: number; body: unknown },
  ) => {
    expect([path, status, body]).toEqual([path, 200, body])
    const operation: Operation = description.paths[path][method]
    const { schema } = operation.responses[200].content['application/json']
    const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/')))
    validate(body)
    expect([path, validate.errors]).toEqual([path, null])
    return Object(body)
  }
  checked('/partner-coaches', 'get', await call('/api/v1/partner-coaches?first=2'))
  const coach = checked(
    '/partner-coach/{slug}',
    'get',
    await call('/api/v1/partner-coach/lea-martin'),
  )
  const free = coach.services.edges.find(({ node }: { node: { price: unknown } }) => !node.price)
  const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
  const range = new URLSearchParams({
    ...{ 'input[serviceId]': free.node.id, 'input[from]': at(3), 'input[to]': at(20) },
    'input[timeZone]': 'Europe/Paris',
  })
  const slots = checked('/partner-slots', 'get', await call(`/api/v1/partner-slots?${range}`))
  const [slot] = slots.days.flatMap((day: { slots: object[] }) => day.slots)
  const input = { idempotencyKey: 'rest-hold', slotToken: slot.token }
  const hold = await call('/api/v1/partner-hold-slot', { input })
  const { booking } = checked('/partner-hold-slot', 'post', hold)
  const confirm = { input: { idempotencyKey: 'rest-confirm', bookingId: booking.id } }
  checked(
    '/partner-confirm-booking',
    'post',
    await call('/api/v1/partner-confirm-booking', confirm),
  )
  const filter = 'filter[status]=CONFIRMED&order=NEAREST_FIRST'
  const own = checked('/partner-bookings', 'get', await call(`/api/v1/partner-bookings?${filter}`))
  expect(own.edges).toHaveLength(1)
  const refused = await call('/api/v1/partner-confirm-booking', {
    input: { idempotencyKey: 'rest-late', bookingId: crypto.randomUUID() },
  })
  expect(refused.headers.get('content-type')).toBe('application/problem+json')
  expect(refused.status).toBeGreaterThanOrEqual(400)
  expect(refused.headers.get('ratelimit')).toContain('r=')
}, 60_000)

test('a change that is sent again under its key is answered again, and not made again', async () => {
  const key = { 'idempotency-key': crypto.randomUUID() }
  const send = (bookingId: string) =>
    call('/api/v1/partner-release-hold', { bookingId }, { ...key })
  const first = await send('0192f0c4-7a51-7c3e-9a43-0d2b7c1f5e10')
  const again = await send('0192f0c4-7a51-7c3e-9a43-0d2b7c1f5e10')
  expect([again.status, again.body.code]).toEqual([first.status, first.body.code])
  expect(await send('0192f0c4-7a51-7c3e-9a43-0d2b7c1f5e11')).toMatchObject({
    ...{ status: 422, body: { code: 'IDEMPOTENCY_MISMATCH' } },
  })
})

test('[MP-76] [MP-77] names the version in the path or in Accept, over a real socket', async () => {
  const accept = 'application/vnd.plexus.v1+json'
  const named = await call('/api/partner-coaches', undefined, { accept })
  expect([named.status, named.headers.get('content-type')]).toEqual([
    200,
    'application/vnd.plexus.v1+json; charset=utf-8',
  ])
  const nine = { accept: 'application/vnd.plexus.v9+json' }
  expect(await call('/api/partner-coaches', undefined, nine)).toMatchObject({
    ...{ status: 406, body: { code: 'UNKNOWN_VERSION' } },
  })
  expect(await call('/graphql', {}, nine)).toMatchObject({
    ...{ status: 406, body: { errors: [{ extensions: { code: 'UNKNOWN_VERSION' } }] } },
  })
})

test('nobody sees of the description what their contract does not have', async () => {
  const open = await (await fetch(`${it.origin}/api/openapi.json`)).json()
  const text = JSON.stringify(open)
  for (const name of ['Partner', 'apiClients', 'persistedOperations', 'auditEvents'])
    expect(text).not.toContain(name)
  expect((await new Validator().validate(open)).valid).toBe(true)
})
