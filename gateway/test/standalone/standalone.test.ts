import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { freePort } from '../../../stack/ports.ts'
import { sha256 } from '../../operations/registry.ts'
import { eventually } from '../edge-harness.ts'
import { link } from '../federation/harness/link.ts'
import { fetchOf, type Journal } from '../federation/harness/subgraph.ts'
import { supergraphOf } from '../federation/harness/world.ts'

const root = join(import.meta.dir, '../../..')
const folder = await mkdtemp(join(tmpdir(), 'plexus-standalone-'))
afterAll(() => rm(folder, { recursive: true }))

const guarded = link.replace('"@tag"', '"@tag", "@authenticated", "@requiresScopes"')
const resolvers = {
  Query: {
    greeting: () => 'hello',
    fails: () => {
      throw new Error('the text of the subgraph')
    },
    mine: () => 'mine',
    deep: () => 'deep',
  },
}
const sdlWith = (fields: string) =>
  `${guarded} type Query { greeting: String, fails: String ${fields} }`
const mine = 'mine: String @authenticated, deep: String @requiresScopes(scopes: [["deep:read"]])'
const journal: Journal = { asked: [], invalid: [] }
const served = { name: 'greetings', sdl: sdlWith(mine), resolvers }
const subgraph = Bun.serve({ port: 0, fetch: fetchOf('greetings', served, journal) })
const url = `greetings=http://127.0.0.1:${subgraph.port}/graphql`
afterAll(() => subgraph.stop(true))

const fileWith = async (name: string, sdl: string) => {
  const file = join(folder, name)
  await writeFile(`${file}.next`, sdl)
  await rename(`${file}.next`, file)
  return file
}
const graphOf = (sdl: string) => supergraphOf({ greetings: { sdl, resolvers } })
const file = await fileWith('supergraph.graphql', graphOf(sdlWith('')))

const lacking = await fileWith(
  'lacking.graphql',
  graphOf(sdlWith('')).replace('greeting: String', 'greeting: Nothing'),
)
const document = 'query Gone { gone }'
const gone = { name: 'Gone', kind: 'query', client: 'web', document, hash: sha256(document) }
const unfit = await fileWith('operations.json', JSON.stringify([gone]))

type Options = { readonly args?: readonly string[]; readonly env?: Record<string, string> }

const spawn = ({ args = [], env = {} }: Options) =>
  Bun.spawn([process.execPath, 'run', 'gateway', ...args], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdout: 'pipe',
    stderr: 'pipe',
  })

const startMs = 15_000

/** A gateway as a process, ready to be asked. */
async function start({ args = [], env = {} }: Options = {}) {
  const port = await freePort()
  const running = spawn({ args: ['--port', String(port), ...args], env })
  const origin = `http://127.0.0.1:${port}`
  const statusAt = (path: string) =>
    fetch(`${origin}${path}`).then(
      ({ status }) => status,
      () => 0,
    )
  await eventually(async () => (await statusAt('/readyz')) === 200, startMs)
  return {
    running,
    statusAt,
    origin,
    ask: async (query: string, headers: Record<string, string> = {}) => {
      const response = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
      })
      return response.json()
    },
    stop: async () => {
      running.kill('SIGTERM')
      return running.exited
    },
  }
}

describe('a gateway of a supergraph file', () => {
  let gateway: Awaited<ReturnType<typeof start>>
  let metricsPort = 0
  beforeAll(async () => {
    metricsPort = await freePort()
    gateway = await start({
      args: ['--supergraph', file, '--subgraph', url, '--graphiql'],
      env: { SUPERGRAPH_POLL_MS: '20', GATEWAY_METRICS_PORT: String(metricsPort) },
    })
  }, startMs)

  test('answers without a database, a provider or the rest of the product', async () => {
    expect(await gateway.ask('{ greeting }')).toEqual({ data: { greeting: 'hello' } })
    expect(await gateway.ask('{ __schema { queryType { name } } }')).toEqual({
      data: { __schema: { queryType: { name: 'Query' } } },
    })
    expect(await gateway.statusAt('/healthz')).toBe(200)
    expect(await gateway.statusAt('/nothing')).toBe(404)
  })

  test('hands on what a subgraph says of its own faults', async () => {
    const { errors } = await gateway.ask('{ fails }')
    expect(errors).toMatchObject([{ message: 'the text of the subgraph', path: ['fails'] }])
  })

  test('shows GraphiQL to a browser, and to nobody else', async () => {
    const page = await fetch(gateway.origin, { headers: { accept: 'text/html' } })
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(await page.text()).toContain('/graphql')
    expect(await gateway.statusAt('/')).toBe(404)
  })

  test('serves the new graph when its file changes, and the old one while that is bad', async () => {
    const counted = async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
    await fileWith('supergraph.graphql', 'type Query {')
    const refused = /supergraph_offers_total\{outcome="refused",[^}]*\} 1/
    await eventually(async () => refused.test(await counted()), startMs)
    expect(await gateway.statusAt('/readyz')).toBe(200)
    await fileWith('supergraph.graphql', graphOf(sdlWith('deep: String')))
    await eventually(async () => (await gateway.ask('{ deep }')).data?.deep === 'deep', startMs)
    expect(await gateway.ask('{ greeting }')).toEqual({ data: { greeting: 'hello' } })
  })

  test('drains and ends when it is told to', async () => {
    expect(await gateway.stop()).toBe(0)
    const lines = await new Response(gateway.running.stdout).text()
    expect(lines).toContain('was refused')
    expect(lines).toContain('Draining')
  })
})

describe('rules on fields', () => {
  test('are closed to everybody while no provider is configured', async () => {
    const all = await fileWith('guarded.graphql', graphOf(sdlWith(mine)))
    const gateway = await start({ args: ['--supergraph', all, '--subgraph', url] })
    journal.asked.length = 0
    const answer = await gateway.ask('{ mine deep }', { authorization: 'Bearer anything' })
    expect(answer).toMatchObject({
      data: { mine: null, deep: null },
      errors: [{ path: ['mine'] }, { path: ['deep'] }],
    })
    expect(journal.asked).toEqual([])
    await gateway.stop()
  }, 40_000)

  test('open by the scopes of a token, once an issuer is configured', async () => {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA')
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'EdDSA' }]
    const provider = Bun.serve({ port: 0, fetch: () => Response.json({ keys }) })
    const all = await fileWith('guarded.graphql', graphOf(sdlWith(mine)))
    const gateway = await start({
      args: ['--supergraph', all, '--subgraph', url],
      env: {
        BEARER_JWKS_URL: provider.url.href,
        BEARER_ISSUER: 'https://id.example',
        BEARER_AUDIENCE: 'graph',
      },
    })
    const tokenWith = async (scope: string) =>
      `Bearer ${await new SignJWT({ scope })
        .setProtectedHeader({ alg: 'EdDSA', kid: 'k1', typ: 'at+jwt' })
        .setSubject('somebody')
        .setIssuer('https://id.example')
        .setAudience('graph')
        .setExpirationTime('1m')
        .sign(privateKey)}`
    const reader = { authorization: await tokenWith('deep:read') }
    expect(await gateway.ask('{ mine deep }', reader)).toEqual({
      data: { mine: 'mine', deep: 'deep' },
    })
    const other = { authorization: await tokenWith('other') }
    expect((await gateway.ask('{ mine deep }', other)).data).toEqual({ mine: 'mine', deep: null })
    expect((await gateway.ask('{ mine }', { authorization: 'Bearer x' })).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ])
    await gateway.stop()
    await provider.stop(true)
  }, 40_000)
})

describe('what cannot be served is said in a sentence, without a stack', () => {
  const rows: readonly (readonly [string, Options, string])[] = [
    ['a missing file', { args: ['--supergraph', 'none.graphql'] }, 'there is no such file'],
    ['no file at all', {}, 'Say which supergraph to serve.\n\nbun run gateway --supergraph FILE'],
    ['a flag in the place of a value', { args: ['--supergraph', '--graphiql'] }, 'needs a value.'],
    [
      'a type that the graph lacks',
      { args: ['--supergraph', lacking] },
      'Query.greeting names the type Nothing, which is nowhere.',
    ],
    [
      'registered operations that are not there',
      { args: ['--supergraph', file, '--operations', 'none.json'] },
      'none.json cannot be read: there is no such file.',
    ],
    [
      'registered operations that are none',
      { args: ['--supergraph', file, '--operations', 'package.json'] },
      'package.json is no list of registered operations',
    ],
    [
      'a registered operation that does not fit',
      { args: ['--supergraph', file, '--operations', unfit] },
      'These registered operations do not fit the graph: Gone',
    ],
    [
      'what is no GraphQL',
      { args: ['--supergraph', 'package.json'] },
      'package.json:2:3 is not GraphQL',
    ],
    [
      'a subgraph that the graph does not have',
      { args: ['--supergraph', file, '--subgraph', 'users=http://127.0.0.1:1'] },
      'The supergraph has no subgraph users; it has greetings.',
    ],
    ['a flag that nobody knows', { args: ['--supergaph', file] }, 'There is no flag --supergaph.'],
    ['a flag without its value', { args: ['--supergraph'] }, '--supergraph needs a value.'],
    [
      'half an issuer',
      { args: [`--supergraph=${file}`], env: { BEARER_ISSUER: 'https://id.example' } },
      'BEARER_JWKS_URL',
    ],
  ]
  test.each(rows)(
    '%s',
    async (_, options, sentence) => {
      const running = spawn(options)
      expect(await running.exited).toBe(2)
      const said = await new Response(running.stderr).text()
      expect(said).toContain(sentence)
      expect(said).not.toMatch(/^\s+at /m)
    },
    40_000,
  )

  test('how it is called is told to who asks', async () => {
    const running = spawn({ args: ['--help'] })
    expect(await running.exited).toBe(0)
    expect(await new Response(running.stdout).text()).toContain('--subgraph NAME=URL')
  }, 40_000)

  test('a subgraph without a URL', async () => {
    const sdl = graphOf(sdlWith('')).replace('http://greetings.local/graphql', '')
    const running = spawn({ args: ['--supergraph', await fileWith('nowhere.graphql', sdl)] })
    expect(await running.exited).toBe(2)
    const said = await new Response(running.stderr).text()
    expect(said).toContain('Subgraph greetings has no URL. Say --subgraph greetings=URL.')
  }, 40_000)
})
