import { describe, expect, test } from 'bun:test'
import { canonicalFace } from '../operations/canonical.ts'
import { facesOf } from '../operations/faces.ts'
import { registryOf, sha256 } from '../operations/registry.ts'
import { createTaught } from '../operations/taught.ts'
import { type Caller, startHarness } from './harness.ts'
import { lanes } from './lanes.ts'

const document = 'query Greet($name: String!) { greet(name: $name) }'
const hash = sha256(document)
const greet = {
  ...{ hash, document, name: 'Greet', kind: 'query' as const, client: 'web', version: '' },
  ...{ contract: 'public' as const, cost: 1, retiredAt: null, description: null },
}
const registry = registryOf([greet])
const variables = { name: 'Ada' }
const greeted = { greet: 'GOOD day, Ada' }
const freeText = () => false

const apollo = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } })

const spoken: readonly (readonly [string, Record<string, unknown>])[] = [
  ['the form of the specification', { documentId: `sha256:${hash}` }],
  ['Apollo’s', { extensions: apollo(hash) }],
  ['Relay’s', { doc_id: hash }],
  ['Relay’s with the name of the hash', { doc_id: `sha256:${hash}` }],
  ['Hive’s', { documentId: `web~1.0.3~${hash}` }],
]

describe.each(lanes)('by the %s lane', (lane) => {
  const graph = startHarness({ lane, registry, freeText })

  test.each(spoken)('a document is named in %s, by POST and by GET', async (_, naming) => {
    expect((await graph.post({ ...naming, variables })).data).toEqual(greeted)
    const query = Object.entries({ ...naming, variables }).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ])
    expect((await graph.get(Object.fromEntries(query))).data).toEqual(greeted)
  })

  test.each([
    ['a bare hash', { documentId: hash }],
    ['a hash in capitals', { documentId: `sha256:${hash.toUpperCase()}` }],
    ['another algorithm', { documentId: `md5:${hash}` }],
    ['Hive’s form with a part missing', { documentId: `web~${hash}` }],
    ['Hive’s form with the hash of nothing', { documentId: 'web~1~nothing' }],
    ['a number of Relay’s', { doc_id: '4711' }],
    ['an object where Apollo has a hash', { extensions: { persistedQuery: { sha256Hash: {} } } }],
    ['__proto__', { doc_id: '__proto__' }],
  ])('%s names what nobody registered', async (_, naming) => {
    const { errors } = await graph.post({ ...naming, variables })
    expect(['OPERATION_NOT_REGISTERED', 'BAD_REQUEST']).toContain(
      errors?.[0]?.extensions.code ?? '',
    )
  })

  test.each(['documentId', 'doc_id'])('%s and a text of one’s own are refused', async (name) => {
    const { errors } = await graph.post({ [name]: `sha256:${hash}`, query: '{ hello }' })
    expect(errors?.[0]?.extensions.code).toBe('BAD_REQUEST')
  })
})

describe('the address of a document', () => {
  const graph = startHarness({ registry, freeText, faces: facesOf([canonicalFace]) })
  const at = async (path: string, init: RequestInit = {}) => {
    const request = new Request(`http://localhost:3000${path}`, init)
    const response = await graph.send(request)
    return { status: response.status, body: JSON.parse(await response.text()) }
  }
  const json = { 'content-type': 'application/json' }
  const post = (body: string) => ({ method: 'POST', headers: json, body })
  const sent = encodeURIComponent(JSON.stringify(variables))

  test('answers as its id does, by GET and by POST', async () => {
    const path = `/graphql/sha256:${hash}`
    expect(await at(`${path}?variables=${sent}`)).toEqual({ status: 200, body: { data: greeted } })
    expect(await at(path, post(JSON.stringify({ variables })))).toMatchObject({
      body: { data: greeted },
    })
  })

  test.each([
    ['another document beside it', `/graphql/sha256:${hash}?documentId=x`, {}, 400],
    ['a text beside it', `/graphql/sha256:${hash}?query=%7Bhello%7D`, {}, 400],
    ['a text in the body', `/graphql/sha256:${hash}`, post('{"query":"{ hello }"}'), 400],
    ['a body that is a list', `/graphql/sha256:${hash}`, post('[]'), 400],
    ['an address of no document', '/graphql/sha256:abc', {}, 404],
    ['a hash that nobody registered', `/graphql/sha256:${sha256('x')}`, {}, 403],
  ])('refuses %s', async (_, path, init, status) => {
    expect(
      (await at(path, { headers: { accept: 'application/graphql-response+json' }, ...init })).body,
    ).toHaveProperty('errors')
    expect((await at(path, init)).status).toBe(status)
  })
})

describe('automatic persisted queries', () => {
  const program: Caller = { scopes: [], credential: 'bearer', clientId: 'studio' }
  const text = '{ hello }'
  const code = ({ errors }: { errors?: readonly { extensions: { code: string } }[] }) =>
    errors?.[0]?.extensions.code
  const teaching = (mayTeach: readonly string[]) => {
    const taught = createTaught((client) => mayTeach.includes(client))
    return startHarness({ registry, freeText, taught })
  }
  const extensions = apollo(sha256(text))

  test('are learnt from a client whose policy allows it, and from nobody else', async () => {
    const allowed = teaching(['studio'])
    expect(code(await allowed.post({ extensions }, program))).toBe('PERSISTED_QUERY_NOT_FOUND')
    expect((await allowed.post({ extensions, query: text }, program)).data).toEqual({
      hello: 'world',
    })
    expect((await allowed.post({ extensions }, program)).data).toEqual({ hello: 'world' })
    for (const other of [{ ...program, clientId: 'other' }, {}]) {
      expect(code(await allowed.post({ extensions }, other))).toBe('OPERATION_NOT_REGISTERED')
      expect(code(await allowed.post({ extensions, query: text }, other))).toBe(
        'OPERATION_NOT_REGISTERED',
      )
    }
  })

  test('run whatever a program sends where the policy is left out of the way', async () => {
    const unprotected = teaching(['studio', 'other'])
    const other = { ...program, clientId: 'other' }
    expect((await unprotected.post({ extensions, query: text }, other)).data).toEqual({
      hello: 'world',
    })
  })

  test('are of the text beside the hash: nobody teaches one text under another’s hash', async () => {
    const allowed = teaching(['studio'])
    const forged = await allowed.post({ extensions, query: '{ tripCount }' }, program)
    expect(code(forged)).toBe('BAD_REQUEST')
    expect(code(await allowed.post({ extensions }, program))).toBe('PERSISTED_QUERY_NOT_FOUND')
  })

  test('teach nothing in the place of what is registered, and nothing to another client', async () => {
    const allowed = teaching(['studio', 'web'])
    await allowed.post({ extensions, query: text }, program)
    expect(code(await allowed.post({ extensions }, {}))).toBe('PERSISTED_QUERY_NOT_FOUND')
    const registered = await allowed.post({
      ...{ extensions: apollo(hash), query: '{ hello }', variables },
    })
    expect(registered.data).toEqual(greeted)
  })

  test('hold the same limits as everything else', async () => {
    const deep = `${'{ viewer '.repeat(60)}{ id }${'}'.repeat(60)}`
    const answer = await teaching(['studio']).post(
      { extensions: apollo(sha256(deep)), query: deep },
      program,
    )
    expect(code(answer)).toBe('DOCUMENT_TOO_COMPLEX')
  })
})
