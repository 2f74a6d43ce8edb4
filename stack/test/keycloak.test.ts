import { afterAll, describe, expect, test } from 'bun:test'
import { chmod, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keycloakLacks } from '../keycloak/distribution.ts'
import { realmFrom } from '../keycloak/realm.ts'
import { importedValues, keycloakMissing } from '../testing/keycloak.ts'

const missing = keycloakMissing(process.env.CI === 'true')

const folder = await mkdtemp(join(tmpdir(), 'plexus-keycloak-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A machine that has these programs only; the text of one stands for it. */
async function machine(name: string, programs: Record<string, string | null>) {
  const path = join(folder, name)
  await mkdir(path)
  for (const [program, text] of Object.entries(programs)) {
    const target = join(path, program)
    if (text === null) await symlink(Bun.which(program) ?? '/nowhere', target)
    else await Bun.write(target, `#!/bin/sh\n${text}\n`)
    if (text !== null) await chmod(target, 0o755)
  }
  return path
}

/** What `bun run keycloak` says where it cannot start. */
async function refusal(env: Record<string, string>) {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, '../keycloak.ts')], {
    env: { PLEXUS_DATA: join(folder, crypto.randomUUID()), XDG_CACHE_HOME: folder, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said = await new Response(child.stderr).text()
  return { said: said.trim(), code: await child.exited }
}

describe('bun run keycloak says in a sentence what it lacks:', () => {
  test('Java', async () => {
    const PATH = await machine('bare', {})
    const { said, code } = await refusal({ PATH })
    expect(said).toBe('Keycloak needs Java 17 or later, and there is none.')
    expect(code).toBe(1)
  })

  test('a Java that is new enough', async () => {
    const PATH = await machine('old', { java: 'echo \'openjdk version "11.0.2"\' >&2' })
    const { said } = await refusal({ PATH })
    expect(said).toBe('Keycloak needs Java 17 or later, not 11.')
  })

  test('Maven and unzip, as long as it was never fetched', async () => {
    const PATH = await machine('new', { java: 'echo \'openjdk version "17.0.2"\' >&2' })
    const { said } = await refusal({ PATH })
    expect(said).toBe('Keycloak is fetched with Maven and unzip; install mvn and unzip.')
  })

  test('the Keycloak that Plexus knows, when Maven brings another one', async () => {
    const PATH = await machine('tampered', {
      java: 'echo \'openjdk version "17.0.2"\' >&2',
      mvn: [
        'for word in "$@"; do case $word in -DoutputDirectory=*) IFS==; set -- $word; to=$2;; esac; done',
        'mkdir -p "$to"; echo other > "$to/keycloak-quarkus-dist-26.4.0.zip"',
      ].join('\n'),
      ...{ unzip: 'exit 0', mkdir: null },
    })
    const { said } = await refusal({ PATH })
    expect(said).toContain('is not the one that Plexus knows: its SHA-256 differs.')
    expect(said.split('\n')).toHaveLength(1)
  })
})

test.skipIf(missing !== null)('and a port of its own, before it starts anything', async () => {
  using taken = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() })
  // Where Keycloak is kept already; empty it would be a folder of this one to Bun itself.
  const { HOME = '', PATH = '', XDG_CACHE_HOME = join(HOME, '.cache') } = process.env
  const { said } = await refusal({ HOME, PATH, XDG_CACHE_HOME, PROVIDER_PORT: String(taken.port) })
  expect(said).toBe(`Port ${taken.port} is taken; set PROVIDER_PORT to another one.`)
})

test('tests with Keycloak are skipped with the reason on a laptop, and fail where CI is true', () => {
  expect(keycloakMissing(false, 'There is no Java.')).toBe('There is no Java.')
  expect(() => keycloakMissing(true, 'There is no Java.')).toThrow('There is no Java.')
  expect(keycloakMissing(true, null)).toBeNull()
  expect(keycloakLacks()).toBe(missing)
})

test('the realm file holds no secret, and names the placeholder that has no value', async () => {
  const { PLEXUS_WEB_SECRET: _, ...others } = importedValues
  // The values of an environment that lacks one, as nothing that is typed could be.
  const lacking = others as typeof importedValues
  await expect(realmFrom(lacking)).rejects.toThrow(
    'The realm file needs a value for PLEXUS_WEB_SECRET.',
  )
  const text = JSON.stringify(await realmFrom({ ...importedValues, PLEXUS_WEB_SECRET: 'a"b\\c' }))
  expect(text).toContain(String.raw`"secret":"a\"b\\c"`)
})
