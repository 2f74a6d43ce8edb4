import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020.js'
import { startWorld, type World } from './world.ts'

type Response200 = { content: { 'application/json': { schema: object; example: unknown } } }
type Operation = {
  operationId: string
  security: object[]
  parameters?: object[]
  requestBody?: { content: { 'application/json': { schema: object; example: unknown } } }
  responses: { 200: Response200 }
}
type Document = {
  openapi: string
  servers: { url: string }[]
  paths: Record<string, Partial<Record<'get' | 'post', Operation>>>
  components: Record<string, Record<string, object>>
}

let world: World
let anonymous: Document
beforeAll(async () => {
  world = await startWorld()
  anonymous = await documentFor()
})
afterAll(() => world.stop())

const documentFor = async (path = '/api/v1/openapi.json', headers = {}): Promise<Document> =>
  (await world.send(path, { headers })).json()

const operationsIn = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
const namesIn = (document: Document) =>
  operationsIn(document).map(({ path, method }) => `${method} ${path}`)

/** By the schema at a place of the document, with all that it refers to. */
function validatorIn(document: Document) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
  ajv.addSchema({ $id: 'api', ...document })
  const known = new Map<object, ValidateFunction>()
  return (schema: object, value: unknown) => {
    const text = JSON.stringify(schema).replaceAll('"#/', '"api#/')
    const validate = known.get(schema) ?? ajv.compile(JSON.parse(text))
    known.set(schema, validate)
    return validate(value) ? [] : (validate.errors ?? [])
  }
}

const faultsOf = async (document: Record<string, unknown>) => {
  const { valid, errors } = await new Validator().validate(structuredClone(document))
  return valid ? [] : errors
}

describe('the description', () => {
  test('[FC-32] is OpenAPI 3.1, by a validator that refuses what is not', async () => {
    expect(anonymous.openapi).toBe('3.1.1')
    expect(await faultsOf(anonymous)).toEqual([])
    const [path = ''] = Object.keys(anonymous.paths)
    const broken = { ...anonymous, paths: { [path]: { get: { responses: { 99: {} } } } } }
    expect(await faultsOf(broken)).not.toEqual([])
  })

  test('has what its reader may run, and nothing that others may', async () => {
    const all = namesIn(anonymous)
    expect(all).toContain('get /coaches')
    expect(all).toContain('post /coaches')
    expect(all).toContain('get /coach/{slug}')
    expect(all).toContain('post /hold')
    expect(all).toContain('get /ticks')
    const text = JSON.stringify(anonymous)
    for (const hidden of ['Secret', 'secret', 'Inner', 'PartnerHold', 'CoachMail', 'mail'])
      expect(text).not.toContain(hidden)
    const partner = await documentFor(undefined, await world.bearer('bookings:read'))
    expect(namesIn(partner)).toEqual(
      expect.arrayContaining(['get /partner-secret', 'post /partner-hold']),
    )
    expect(namesIn(partner)).not.toContain('get /coaches')
    expect(partner.paths['/partner-secret']?.get?.security).toEqual([
      { token: ['bookings:read'] },
      { key: [] },
    ])
    const narrow = await documentFor(undefined, await world.bearer('bookings:write'))
    expect(namesIn(narrow)).not.toContain('get /partner-secret')
    expect(await faultsOf(partner)).toEqual([])
  })

  test('is of one version, or of the newest', async () => {
    expect(anonymous.servers).toEqual([{ url: 'https://plexus.test/api/v1' }])
    const newest = await documentFor('/api/openapi.json')
    expect(newest.servers).toEqual([{ url: 'https://plexus.test/api/v2' }])
    expect(newest.paths['/coaches']?.get?.operationId).toBe('CoachesV2')
    expect(newest.paths['/coach']?.get?.operationId).toBe('Coach')
    expect((await world.send('/api/v3/openapi.json')).status).toBe(406)
    expect((await world.send('/api/openapi.json', { method: 'POST', headers: json })).status).toBe(
      405,
    )
  })

  test('may be kept by anybody when it is nobody’s', async () => {
    const open = await world.send('/api/openapi.json')
    expect(open.headers.get('cache-control')).toStartWith('public')
    const etag = open.headers.get('etag') ?? ''
    const again = await world.send('/api/openapi.json', { headers: { 'if-none-match': etag } })
    expect(again.status).toBe(304)
    const own = await world.send('/api/openapi.json', { headers: await world.bearer('api') })
    expect(own.headers.get('cache-control')).toBe('private, no-store')
    expect(own.headers.get('vary')).toContain('authorization')
  })

  test('describes a change with its key and each value with its words', () => {
    const { hold } = Object.fromEntries(
      operationsIn(anonymous).map((one) => [one.path.slice(1), one.operation]),
    )
    expect(hold?.parameters).toEqual([{ $ref: '#/components/parameters/IdempotencyKey' }])
    expect(hold).toMatchObject({ summary: 'About Hold', description: 'About Hold.' })
    const echo = anonymous.paths['/echo']?.get?.parameters
    expect(echo).toContainEqual(
      expect.objectContaining({ name: 'filter', in: 'query', style: 'deepObject', explode: true }),
    )
  })
})

const json = { 'content-type': 'application/json' }

describe('what is answered is as it is described', () => {
  test('its own examples are', () => {
    const faults = validatorIn(anonymous)
    for (const { path, operation } of operationsIn(anonymous)) {
      const answer = operation.responses[200].content['application/json']
      if (answer) expect([path, faults(answer.schema, answer.example)]).toEqual([path, []])
      const body = operation.requestBody?.content['application/json']
      if (body) expect([path, faults(body.schema, body.example)]).toEqual([path, []])
    }
  })

  test('and so are answers, and problems', async () => {
    const faults = validatorIn(anonymous)
    const schemaAt = (path: string, method: 'get' | 'post') =>
      anonymous.paths[path]?.[method]?.responses[200].content['application/json'].schema ?? {}
    const cases = [
      ['/coaches', 'get', await world.send('/api/v1/coaches?first=1')],
      ['/coach', 'get', await world.send('/api/v1/coach?slug=nobody')],
      ['/coach/{slug}', 'get', await world.send('/api/v1/coach/lea')],
      ['/echo', 'get', await world.send('/api/v1/echo')],
      ['/hold', 'post', await world.post('/api/v1/hold', { input: { slot: 'a' } })],
    ] as const
    for (const [path, method, response] of cases) {
      expect([path, response.status]).toEqual([path, 200])
      expect([path, faults(schemaAt(path, method), await response.json())]).toEqual([path, []])
    }
    expect(faults(schemaAt('/coach/{slug}', 'get'), null)).not.toEqual([])
    const problem = { $ref: '#/components/schemas/Problem' }
    const refused = [
      await world.post('/api/v1/hold', { input: { slot: 'taken' } }),
      await world.post('/api/v1/hold', { input: { slot: 'bad' } }),
      await world.post('/api/v1/hold', {}),
      await world.send('/api/v1/nothing'),
      await world.send('/api/v9/coaches'),
      await world.send('/api/v1/broken'),
    ]
    for (const response of refused) {
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      expect(faults(problem, await response.json())).toEqual([])
    }
    expect(faults(problem, { code: 1 })).not.toEqual([])
  })
})
