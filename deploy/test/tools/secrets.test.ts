import { describe, expect, test } from 'bun:test'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { makeSecrets } from '../../secrets/command.ts'
import { ensureTool } from '../../tools/build.ts'
import { toolMissing } from '../../tools/path.ts'
import { serviceNames, startWith } from '../service-config.ts'

const ci = ['true', '1'].includes(process.env.CI ?? '')
const missing = toolMissing('sops', ci) ?? toolMissing('age-keygen', ci)
const root = resolve(import.meta.dir, '../../..')
const testKey = join(root, 'deploy/test/keys/age.txt')
const now = new Date('2026-11-22T05:00:00Z')

const Secret = z.object({ stringData: z.record(z.string(), z.string()) })

async function output(command: readonly string[], env: Record<string, string> = {}) {
  const child = Bun.spawn([...command], {
    env: { PATH: process.env.PATH, ...env },
    stdout: 'pipe',
    stderr: 'ignore',
  })
  const text = await new Response(child.stdout).text()
  return { text, code: await child.exited }
}

type Place = { readonly folder: string; readonly set: string }

async function newKey(folder: string, name: string): Promise<{ file: string; recipient: string }> {
  const file = join(folder, name)
  await output([await ensureTool('age-keygen'), '-o', file])
  const recipient = /age1\w+/.exec(await readFile(file, 'utf8'))?.[0] ?? ''
  return { file, recipient }
}

/** The command itself, in a process of its own with that key. */
async function secrets(keyFile: string, ...args: string[]) {
  return output([process.execPath, join(root, 'deploy/secrets.ts'), ...args], {
    SOPS_AGE_KEY_FILE: keyFile,
    HOME: process.env.HOME ?? '',
    XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? '',
  })
}

async function textsIn(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).sort()
  const texts = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')])
  return Object.fromEntries(await Promise.all(texts))
}

const changed = (before: Record<string, string>, after: Record<string, string>) =>
  Object.keys(after).filter((name) => before[name] !== after[name])

async function withFolder(work: (place: Place) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), 'plexus-'))
  await work({ folder, set: join(folder, 'set') }).finally(() => rm(folder, { recursive: true }))
}

describe.skipIf(missing !== null)(`sops${missing ? ` (${missing})` : ''}`, () => {
  test(
    'a set is opened by its key and by no other; what has not changed is not written again',
    () =>
      withFolder(async ({ folder, set }) => {
        await ensureTool('sops')
        const [ours, stranger] = [await newKey(folder, 'ours'), await newKey(folder, 'stranger')]
        expect((await secrets(ours.file, '--out', set)).text).toContain('Nobody could read it')
        const made = await secrets(ours.file, '--out', set, '--recipient', ours.recipient)
        expect(made.code).toBe(0)
        const first = await textsIn(set)

        expect((await secrets(ours.file, '--out', set)).text).toStartWith(`${set}: nothing changed`)
        expect((await secrets(stranger.file, '--out', set)).code).toBe(1)
        expect(await textsIn(set)).toEqual(first)

        await secrets(ours.file, '--out', set, '--rotate', 'slot-token')
        expect(changed(first, await textsIn(set))).toEqual([
          'app.bookings-secret.sops.yaml',
          'installation.sops.yaml',
        ])

        const both = ['--recipient', ours.recipient, '--recipient', stranger.recipient]
        await secrets(ours.file, '--out', set, ...both)
        expect((await secrets(stranger.file, '--out', set)).code).toBe(0)
      }),
    60_000,
  )

  test.each(['staging', 'production'])(
    'the test key opens the committed set of %s, and every service starts with it',
    async (stage) => {
      const sops = await ensureTool('sops')
      for (const name of serviceNames) {
        const file = join(
          root,
          'deploy/k3s/flux/clusters',
          stage,
          'secrets',
          `app.${name}-secret.sops.yaml`,
        )
        const { text } = await output([sops, 'decrypt', file], { SOPS_AGE_KEY_FILE: testKey })
        expect(await startWith(name, Secret.parse(parse(text)).stringData)).toBeDefined()
      }
    },
  )

  test('what is no public key is refused before anything is written', async () => {
    const lines: string[] = []
    const args = ['--stage', 'staging', '--recipient', 'age1nobody']
    expect(await makeSecrets(args, now, (line) => lines.push(line))).toBe(1)
    expect(lines).toEqual(['No public key of age: age1nobody'])
  })
})
