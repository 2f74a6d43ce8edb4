import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { linesOf } from '../operations/publish/answer.ts'
import { textsIn } from '../operations/publish/files.ts'
import { publishHere } from '../operations/publish/here.ts'
import { publishAt } from '../operations/publish/remote.ts'
import { type TestSystem, testSystem, until } from '../testing/system.ts'

let it: TestSystem
let folder: string
beforeAll(async () => {
  it = await testSystem({ watch: true })
  folder = await mkdtemp(join(tmpdir(), 'plexus-publish-'))
}, 60_000)
afterAll(async () => {
  await it.stop()
  await rm(folder, { recursive: true })
})

const text = (name: string) =>
  `query ${name}($first: Int!) { coaches(first: $first) { edges { node { slug } } } }\n`
const fileOf = async (name: string, content: string) => {
  const file = join(folder, name)
  await writeFile(file, content)
  return file
}
const publicationOf = async (client: string, ...files: string[]) => ({
  ...{ client, version: '2.1', texts: await textsIn(files) },
})
const hashOf = (document: string) => createHash('sha256').update(document).digest('hex')

const register = `mutation ($input: RegisterClientInput!) { registerApiClient(input: $input) {
  ... on ClientRegistered { client { clientId name } secretShownOnce } } }`

async function newProgram(scopes: readonly string[] = ['bookings:read', 'operations:publish']) {
  const admin = await it.admin()
  const input = { idempotencyKey: crypto.randomUUID(), name: `Club ${crypto.randomUUID()}`, scopes }
  const { registerApiClient } = await admin.ask<{
    registerApiClient: { client: { clientId: string; name: string }; secretShownOnce: string }
  }>(register, { input })
  const { client, secretShownOnce: secret } = registerApiClient
  return { ...client, secret }
}

async function tokenOf({ clientId, secret }: { clientId: string; secret: string }) {
  const response = await fetch(`http://localhost:${it.ports.provider}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  const { access_token: token } = Object(await response.json())
  return String(token)
}

const runAt = (hash: string, token?: string) =>
  fetch(`${it.origin}/graphql/sha256:${hash}?variables=${encodeURIComponent('{"first":2}')}`, {
    headers: { ...(token && { authorization: `Bearer ${token}` }) },
  })

describe('bun run operations publish', () => {
  test('with a client’s credentials publishes what its program may run a moment later', async () => {
    const program = await newProgram()
    const document = text('Fresh')
    const publication = await publicationOf(program.name, await fileOf('fresh.graphql', document))
    const answer = await publishAt(it.origin, program, publication)
    expect(linesOf(answer)).toEqual([
      expect.stringMatching(new RegExp(`^Fresh sha256:${hashOf(document)} costs [0-9]+$`)),
      '1 published, 0 there already',
    ])
    const token = await tokenOf(program)
    await until(async () => (await runAt(hashOf(document), token)).status === 200)
    expect((await runAt(hashOf(document), await tokenOf(await newProgram()))).status).toBe(403)
    expect((await runAt(hashOf(document))).status).toBe(403)
    expect(await publishAt(it.origin, { token }, publication)).toMatchObject({
      ...{ accepted: 0, unchanged: 1 },
    })
  })

  test('says why an operation is refused, and for whom there is no right to publish', async () => {
    const program = await newProgram()
    const bad = await publicationOf(
      program.name,
      await fileOf('bad.graphql', 'query Bad { viewer { email } }'),
    )
    const [line] = linesOf(await publishAt(it.origin, program, bad))
    expect(line).toStartWith('Nothing was published: Bad is refused (GRAPHQL_VALIDATION_FAILED).')
    const others = await publicationOf('web', await fileOf('web.graphql', text('Web')))
    expect(linesOf(await publishAt(it.origin, program, others))).toEqual([
      'There is no such client.',
    ])
    const reader = await newProgram(['bookings:read'])
    await expect(publishAt(it.origin, reader, bad)).rejects.toThrow('Unauthorized')
    const token = await tokenOf(reader)
    await expect(publishAt(it.origin, { token }, bad)).rejects.toThrow('Unauthorized')
  })

  test('on the machine of the platform publishes for pages and for anybody', async () => {
    const document = text('Everywhere')
    const publication = await publicationOf('public', await fileOf('all.graphql', document))
    const first = await publishHere(it.environments.auth, publication)
    expect(first).toMatchObject({ __typename: 'OperationsPublished', accepted: 1 })
    await until(async () => (await runAt(hashOf(document))).status === 200)
    expect((await runAt(hashOf(document), await tokenOf(await newProgram()))).status).toBe(200)
    expect(await publishHere(it.environments.auth, publication)).toMatchObject({ accepted: 0 })
    expect(
      linesOf(await publishHere(it.environments.auth, { ...publication, client: 'nobody' })),
    ).toEqual(['There is no such client.'])
  })

  test('the platform’s own operations are listed at its start, once', async () => {
    const file = Bun.file(join(import.meta.dir, '../../schema/operations.json'))
    const own: unknown[] = await file.json()
    const [counted] = await it.db.connectAdmin()<{ count: number }[]>`
      select count(*)::int as count from auth.operation where published_by is null and version = ''`
    expect(counted?.count).toBe(own.length)
  })
})

test.each([
  ['one operation', 'a.graphql', 'query A { __typename }', ['A']],
  ['a list', 'list.json', '[{"name":"A","document":"query A { a }"}]', ['A']],
  [
    'Apollo’s manifest',
    'apollo.json',
    '{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"1","name":"A","type":"query","body":"query A { a }"}]}',
    ['A'],
  ],
  ['Relay’s', 'relay.json', '{"0af3":"query A { a }","77aa":"mutation B { b }"}', ['A', 'B']],
])('a file with %s is read', async (_, name, content, names) => {
  const texts = await textsIn([await fileOf(name, content)])
  expect(texts.map((one) => one.name)).toEqual(names)
})

test.each([
  ['no GraphQL', 'b.graphql', 'query {'],
  ['no manifest', 'b.json', '{"a":1}'],
  ['no JSON', 'c.json', '{'],
])('a file with %s is named', async (_, name, content) => {
  await expect(textsIn([await fileOf(name, content)])).rejects.toThrow(
    `${name} holds no operations`,
  )
})
