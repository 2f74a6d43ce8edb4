import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { createLog } from '#kit/log'
import { freePort } from '../../../stack/ports.ts'
import { k3sFolder } from '../../render/overlay.ts'
import { ensureTool } from '../../tools/build.ts'
import { requireTool, toolMissing } from '../../tools/path.ts'
import { toolNamed } from '../../tools/table.ts'

const missing = toolMissing('otelcol', process.env.CI === 'true')
const config = join(k3sFolder, 'components/logs/node/collector.yaml')

const thirdParty = 'components/third-party/kustomization.yaml'
const Pinned = z.object({
  images: z.array(z.object({ name: z.string(), newTag: z.string().optional() })),
})

const Value = z.union([
  z.object({ stringValue: z.string() }).transform(({ stringValue }) => stringValue),
  z.object({ intValue: z.coerce.number() }).transform(({ intValue }) => intValue),
  z.object({ doubleValue: z.number() }).transform(({ doubleValue }) => doubleValue),
])
const Attributes = z
  .array(z.object({ key: z.string(), value: Value }))
  .transform((pairs) => Object.fromEntries(pairs.map(({ key, value }) => [key, value])))
const Logs = z.object({
  resourceLogs: z.array(
    z.object({
      resource: z.object({ attributes: Attributes }),
      scopeLogs: z.array(
        z.object({
          logRecords: z.array(
            z.object({
              timeUnixNano: z.coerce.bigint(),
              severityText: z.string().default(''),
              body: Value,
              attributes: Attributes,
            }),
          ),
        }),
      ),
    }),
  ),
})

/** A line as it arrives: the fields of its source and its own in one, as the schema names them. */
type Arrived = Readonly<Record<string, unknown>>

const arrivedIn = (text: string): Arrived[] =>
  Logs.parse(JSON.parse(text)).resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map(({ timeUnixNano, severityText, body, attributes }) => ({
        ...{ ...resource.attributes, ...attributes, message: body, severity: severityText },
        '@timestamp': new Date(Number(timeUnixNano / 1_000_000n)).toISOString(),
      })),
    ),
  )

/** What containerd writes for a line that a container prints. */
const written = (line: string) =>
  `2026-11-22T06:00:00.123456789Z stdout F ${line.replace(/\n$/, '')}\n`

describe.skipIf(missing !== null)(missing ? `logs (${missing})` : 'logs', () => {
  let folder: string
  let store: ReturnType<typeof Bun.serve>
  let collector: ReturnType<typeof Bun.spawn>
  const arrived: Arrived[] = []

  const print = async (pod: string, lines: readonly string[]) => {
    await mkdir(join(folder, 'pods', pod), { recursive: true })
    await writeFile(join(folder, 'pods', pod, '0.log'), lines.map(written).join(''))
  }

  const arrival = async (isIt: (line: Arrived) => boolean) => {
    const deadline = performance.now() + 20_000
    for (;;) {
      const found = arrived.find(isIt)
      if (found) return found
      if (performance.now() > deadline) throw new Error(JSON.stringify(arrived))
      await Bun.sleep(50)
    }
  }

  /** The committed configuration; only where things are is another. */
  async function start() {
    const here = {
      'receivers::filelog::include': `[${join(folder, 'pods')}/*/*/*.log]`,
      'receivers::filelog::exclude': `[${join(folder, 'pods')}/node-agents_*/*/*.log]`,
      'extensions::file_storage::directory': join(folder, 'places'),
      'extensions::health_check::endpoint': `127.0.0.1:${await freePort()}`,
      'exporters::otlphttp::endpoint': `http://127.0.0.1:${store.port}/otlp`,
      'exporters::otlphttp::encoding': 'json',
    }
    const settings = Object.entries(here).map(([name, value]) => `--config=yaml:${name}: ${value}`)
    return Bun.spawn([requireTool('otelcol'), `--config=${config}`, ...settings], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }

  beforeAll(async () => {
    await ensureTool('otelcol')
    folder = await mkdtemp(join(tmpdir(), 'plexus-logs-'))
    await mkdir(join(folder, 'places'))
    store = Bun.serve({
      ...{ port: 0, hostname: '127.0.0.1' },
      fetch: async (request) => {
        const body = Bun.gunzipSync(new Uint8Array(await request.arrayBuffer()))
        arrived.push(...arrivedIn(new TextDecoder().decode(body)))
        return Response.json({})
      },
    })
    const lines: string[] = []
    const log = createLog({ service: 'users', write: (line) => lines.push(line) })
    log.request({
      ...{ requestId: 'r-1', userId: 'u-1', actorId: 'a-1', endpoint: '/graphql', method: 'POST' },
      ...{ statusCode: 503, durationMs: 12.5, traceId: null, operation: 'Home' },
    })
    log.error('It broke', new Error('why'))
    await print('app_users-1_0a1b/users', lines)
    await print('data_postgres-0_2c3d/postgres', ['LOG:  database system is ready', '{"other":1}'])
    await print('node-agents_log-collector-1_4e5f/log-collector', ['its own'])
    collector = await start()
  }, 600_000)

  afterAll(async () => {
    collector?.kill()
    await collector?.exited
    await store?.stop(true)
    await rm(folder, { recursive: true, force: true })
  })

  test('[BC-42] a line of a service arrives with the fields of the Elastic Common Schema, and no other', async () => {
    const line = await arrival((it) => it.message === 'POST /graphql 503')
    expect(line).toMatchObject({
      'service.name': 'users',
      'log.level': 'error',
      severity: 'error',
      'http.request.id': 'r-1',
      'user.id': 'u-1',
      'client.user.id': 'a-1',
      'url.path': '/graphql',
      'http.request.method': 'POST',
      'http.response.status_code': 503,
      'event.duration': 12_500_000,
      'labels.operation': 'Home',
      'k8s.namespace.name': 'app',
      'k8s.pod.name': 'users-1',
    })
    // When it was printed, not when it was read: the file says six o'clock.
    expect(line['@timestamp']).not.toContain('06:00:00.123')
    const ours = ['trace_id', 'request_id', 'status_code', 'duration_ms', 'level', 'timestamp']
    expect(Object.keys(line).filter((name) => ours.includes(name))).toEqual([])
  }, 30_000)

  test('an error keeps its stack', async () => {
    const line = await arrival(({ message }) => String(message).startsWith('It broke'))
    expect(line).toMatchObject({ 'log.level': 'error', 'service.name': 'users' })
    expect(String(line.message)).toContain('why')
  }, 30_000)

  test('what others print arrives as it is, under the name of its container', async () => {
    const plain = await arrival(({ message }) => message === 'LOG:  database system is ready')
    expect(plain).toMatchObject({
      ...{ 'service.name': 'postgres', '@timestamp': '2026-11-22T06:00:00.123Z' },
    })
    const json = await arrival(({ message }) => message === '{"other":1}')
    expect(json).toMatchObject({ 'service.name': 'postgres' })
  }, 30_000)

  test('its own lines do not come back to it', async () => {
    await arrival(({ message }) => message === '{"other":1}')
    expect(arrived.filter(({ message }) => message === 'its own')).toEqual([])
  }, 30_000)

  test('after a restart it goes on where it was: nothing is lost, nothing comes twice', async () => {
    await arrival(({ message }) => message === '{"other":1}')
    const before = arrived.length
    collector.kill()
    await collector.exited
    await print('app_users-2_6a7b/users', ['while it was away'])
    collector = await start()
    await arrival(({ message }) => message === 'while it was away')
    expect(arrived.length).toBe(before + 1)
  }, 60_000)

  test('it is the version of the image', () => {
    const pinned = parse(readFileSync(join(k3sFolder, thirdParty), 'utf8'))
    const image = Pinned.parse(pinned).images.find(({ name }) => name.endsWith('collector-k8s'))
    expect(toolNamed('otelcol')).toMatchObject({ version: image?.newTag })
  })
})
