import { beforeAll, describe, expect, test } from 'bun:test'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { z } from 'zod'
import { prepareCompose } from '../../compose/prepare.ts'
import { ensureTool } from '../../tools/build.ts'
import { requireTool, toolMissing } from '../../tools/path.ts'
import { composeFile, deployFolder } from '../compose-file.ts'

const ci = ['true', '1'].includes(process.env.CI ?? '')
const missing = toolMissing('compose', ci)
const files = ['compose.yaml', 'compose.staging.yaml']

const Resolved = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      restart: z.string(),
      environment: z.record(z.string(), z.string()).default({}),
      networks: z.record(z.string(), z.unknown()),
      ports: z.array(z.object({ target: z.number(), published: z.string() })).default([]),
      depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
    }),
  ),
})

/** The folder as somebody has it who has followed the first line of the file. */
async function prepared(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plexus-'))
  for (const name of [...files, 'compose']) {
    await cp(join(deployFolder, name), join(folder, name), { recursive: true })
  }
  await prepareCompose(['--out', folder], new Date(), () => {})
  return folder
}

async function resolved(folder: string, file: string) {
  const child = Bun.spawn(
    [
      ...[requireTool('compose'), '--profile', '*', '--file', join(folder, file)],
      ...['config', '--format', 'json'],
    ],
    { cwd: folder, env: { PATH: process.env.PATH, HOME: folder }, stdout: 'pipe', stderr: 'pipe' },
  )
  const [output, complaint] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { code: await child.exited, complaint, output }
}

const sorted = (names: readonly string[] = []) => [...names].sort()

describe.skipIf(missing !== null)(`compose${missing ? ` (${missing})` : ''}`, () => {
  beforeAll(async () => {
    await ensureTool('compose')
  }, 600_000)

  test.each(files)(
    '%s is what compose itself makes of it, without a word of complaint',
    async (file) => {
      const folder = await prepared()
      try {
        const { code, complaint, output } = await resolved(folder, file)
        expect({ code, complaint }).toEqual({ code: 0, complaint: '' })
        const { services } = Resolved.parse(JSON.parse(output))
        const env = parseEnv(await readFile(join(folder, '.env'), 'utf8'))
        const ours = composeFile(file, env).services
        expect(sorted(Object.keys(services))).toEqual(sorted(Object.keys(ours)))
        for (const [name, service] of Object.entries(services)) {
          const {
            image,
            restart,
            networks,
            ports = [],
            environment = {},
            depends_on = {},
          } = ours[name] ?? {}
          expect({ image: service.image, restart: service.restart }).toEqual({
            image: image ?? '',
            restart: restart ?? '',
          })
          expect(sorted(Object.keys(service.networks))).toEqual(sorted(networks))
          expect(service.ports.map(({ published, target }) => `${published}:${target}`)).toEqual(
            ports.map((port) => port.split(':').slice(-2).join(':')),
          )
          expect(sorted(Object.keys(service.depends_on))).toEqual(sorted(Object.keys(depends_on)))
          for (const [key, value] of Object.entries(environment)) {
            expect(service.environment[key], `${name} ${key}`).toBe(String(value))
          }
        }
      } finally {
        await rm(folder, { recursive: true })
      }
    },
  )
})
