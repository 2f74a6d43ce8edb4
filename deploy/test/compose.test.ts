import { describe, expect, test } from 'bun:test'
import { X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { environmentsFrom } from '../../stack/one/environments.ts'
import { edgeNames, prepareCompose } from '../compose/prepare.ts'
import {
  type ComposeFile,
  type ComposeService,
  composeFile,
  deployFolder,
  textOf,
  variablesIn,
} from './compose-file.ts'
import { configOf, serviceNames } from './service-config.ts'

const now = new Date('2026-11-22T05:00:00Z')
const development = 'compose.yaml'
const staging = 'compose.staging.yaml'
const files = [development, staging]

async function prepared(): Promise<Record<string, string | undefined>> {
  const folder = await mkdtemp(join(tmpdir(), 'plexus-'))
  try {
    expect(await prepareCompose(['--out', folder], now, () => {})).toBe(0)
    return parseEnv(await readFile(join(folder, '.env'), 'utf8'))
  } finally {
    await rm(folder, { recursive: true })
  }
}

const env = await prepared()
const example = parseEnv(textOf('.env.example'))
const contents = new Map(files.map((name) => [name, composeFile(name, env)]))
function contentOf(name: string): ComposeFile {
  const content = contents.get(name)
  if (!content) throw new Error(`${name} is no file of compose`)
  return content
}

const servicesOf = (name: string): [string, ComposeService][] =>
  Object.entries(contentOf(name).services)
const serviceOf = (name: string, service: string): ComposeService => {
  const found = contentOf(name).services[service]
  if (!found) throw new Error(`${name} has no ${service}`)
  return found
}
const onNetwork = (name: string, network: string) =>
  servicesOf(name)
    .filter(([, { networks }]) => networks?.includes(network))
    .map(([service]) => service)
    .sort()

/** The certificates are no files here. */
const without = ({ DATABASE_CA_FILE: _, ...rest }: Record<string, string>) => rest

const environmentIn = ({ environment = {} }: ComposeService): Record<string, string> =>
  without(
    Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value)])),
  )

describe.each(files)('%s', (name) => {
  test('[BC-14] the database is published nowhere, on a network without a way out', () => {
    const { ports, networks } = serviceOf(name, 'postgres')
    expect({ ports, networks }).toEqual({ ports: undefined, networks: ['db'] })
    expect(contentOf(name).networks.db?.internal).toBe(true)
    for (const [service, { ports: published = [] }] of servicesOf(name)) {
      for (const port of published) expect(port, service).not.toMatch(/5432|3306/)
    }
  })

  test('[BC-28] certificates are shown to their readers one by one, and to be read only', () => {
    const mounts = servicesOf(name).flatMap(([service, { volumes = [] }]) =>
      volumes.filter((volume) => volume.startsWith('./')).map((volume) => `${service} ${volume}`),
    )
    expect(mounts.filter((mount) => mount.includes('/certificates/')).length).toBeGreaterThan(3)
    for (const mount of mounts) expect(mount).toEndWith(':ro')
    const readers = mounts
      .filter((mount) => mount.includes('.key'))
      .map((mount) => mount.split(' ')[0])
    expect(new Set(readers)).toEqual(
      new Set(name === staging ? ['postgres'] : ['traefik', 'postgres']),
    )
  })

  test('[BC-31] whoever needs the database waits until it answers and its schema is there', () => {
    expect(serviceOf(name, 'migrate').depends_on).toEqual({
      postgres: { condition: 'service_healthy' },
    })
    const users = onNetwork(name, 'db').filter(
      (one) => !['postgres', 'migrate', 'adminer'].includes(one),
    )
    expect(users.length).toBeGreaterThan(1)
    for (const service of users) {
      expect(serviceOf(name, service).depends_on?.migrate, service).toEqual({
        condition: 'service_completed_successfully',
      })
    }
  })

  test('who is waited for to be healthy can be seen to be', () => {
    for (const [, { depends_on: needs = {} }] of servicesOf(name)) {
      for (const [needed, { condition }] of Object.entries(needs)) {
        if (condition === 'service_healthy') {
          expect(serviceOf(name, needed).healthcheck, needed).toBeDefined()
        }
      }
    }
  })

  test('every file that is mounted is there, or is one that is made', () => {
    for (const [, { volumes = [] }] of servicesOf(name)) {
      for (const [path = ''] of volumes.map((volume) => volume.split(':'))) {
        if (!path.startsWith('./') || path.startsWith('./certificates/')) continue
        expect(existsSync(join(deployFolder, path)), path).toBe(true)
      }
    }
  })

  test('nothing is built, unlimited, privileged, or of whatever version is newest', () => {
    for (const [service, { image, build, privileged, mem_limit, security_opt }] of servicesOf(
      name,
    )) {
      expect(image, service).toMatch(/^[\w./-]+:[\w.-]*\d[\w.-]*$/)
      expect({ build, privileged, security_opt }).toEqual({
        build: undefined,
        privileged: undefined,
        security_opt: ['no-new-privileges:true'],
      })
      expect(mem_limit, service).toMatch(/^\d+[mg]$/)
    }
  })
})

test('[BC-18] the segments are those of the drawing, and the database has its own', () => {
  const subnets = Object.entries(contentOf(development).networks).map(([name, { ipam }]) => [
    name,
    ipam.config[0].subnet,
  ])
  expect(Object.fromEntries(subnets)).toEqual({
    dmz: '10.10.10.0/24',
    app: '10.10.20.0/24',
    db: '10.10.30.0/24',
    mgmt: '10.10.40.0/24',
  })
  expect(onNetwork(development, 'dmz')).toEqual(['keycloak', 'plexus', 'traefik'])
  expect(onNetwork(development, 'db')).toEqual([
    'adminer',
    'keycloak',
    'migrate',
    'plexus',
    'postgres',
  ])
  expect(onNetwork(development, 'mgmt')).toEqual(['adminer', 'mail', 's3'])
})

test('[BC-26] services read .env, and the example names each of its variables and no other', () => {
  expect(serviceOf(development, 'plexus').env_file).toBe('.env')
  expect(Object.keys(env).sort()).toEqual(Object.keys(example).sort())
  const asked = new Set(files.flatMap((name) => [...variablesIn(textOf(name))]))
  // Without an example there is nothing to fill in; without a reader there is nothing to say.
  expect([...asked].filter((name) => !(name in example))).toEqual([])
  expect(Object.keys(example).filter((name) => !asked.has(name))).toEqual([])
  for (const [name, value] of Object.entries(example)) {
    if (/PASSWORD|SECRET|KEYS|JWK/.test(name)) expect(value, name).toBe('')
  }
})

test('the hosts are not below localhost, where Bun would look for Keycloak in itself', () => {
  expect(env.DOMAIN).toBe(example.DOMAIN ?? '')
  expect(env.DOMAIN).not.toEndWith('localhost')
})

test('[MP-72] development has API, web client and Keycloak with its administrator, each by its host', () => {
  const { KC_BOOTSTRAP_ADMIN_USERNAME, KC_BOOTSTRAP_ADMIN_PASSWORD } = environmentIn(
    serviceOf(development, 'keycloak'),
  )
  expect(KC_BOOTSTRAP_ADMIN_USERNAME).toBe('administrator')
  expect(KC_BOOTSTRAP_ADMIN_PASSWORD).toHaveLength(43)
  const { services = {} } = contentOf(development)
  expect(Object.keys(services)).toEqual(
    expect.arrayContaining(['plexus', 'keycloak', 'postgres', 'mail', 's3', 'traefik']),
  )
  const routes = textOf('compose/routes.yaml')
  expect(routes).toContain('url: http://plexus:3000')
  expect(routes).toContain('url: http://keycloak:8080')
  // Only this machine reaches it.
  for (const [name, { ports = [] }] of servicesOf(development)) {
    for (const port of ports) expect(port, name).toStartWith('127.0.0.1:')
  }
})

test('development starts with what was prepared: every service takes its variables', async () => {
  const { environment, ...rest } = serviceOf(development, 'plexus')
  expect(rest.env_file).toBe('.env')
  const all = environmentsFrom({ ...env, ...environmentIn({ environment }) })
  for (const name of serviceNames) expect(await configOf(name, without(all[name]))).toBeDefined()
})

test('[BC-38] staging is one file that is brought up by itself, with every service apart', async () => {
  const { services } = contentOf(staging)
  expect(Object.keys(services).sort()).toEqual([
    'auth',
    'billing',
    'bookings',
    'gateway',
    'keycloak',
    'migrate',
    'postgres',
    'traefik',
    'users',
  ])
  for (const name of serviceNames) {
    expect(await configOf(name, environmentIn(serviceOf(staging, name)))).toBeDefined()
  }
  const published = servicesOf(staging).filter(([, { ports }]) => ports)
  expect(published.map(([name, { ports }]) => [name, ports])).toEqual([
    ['traefik', ['80:8000', '443:8443']],
  ])
})

test('[BC-46] in staging whatever serves is started again always, and so is everything in development until it is stopped', () => {
  const restarts = (name: string) =>
    Object.fromEntries(servicesOf(name).map(([service, { restart }]) => [service, restart]))
  const { migrate, ...serving } = restarts(staging)
  expect(migrate).toBe('on-failure:5')
  expect(new Set(Object.values(serving))).toEqual(new Set(['always']))
  const { migrate: _, ...others } = restarts(development)
  expect(new Set(Object.values(others))).toEqual(new Set(['unless-stopped']))
})

test('no service of staging knows a secret of another', () => {
  const secrets = ['USERS', 'BOOKINGS', 'BILLING', 'AUTH', 'GATEWAY'].map((name) => ({
    service: name.toLowerCase(),
    secret: env[`${name}_DATABASE_PASSWORD`] ?? '',
  }))
  for (const { service, secret } of secrets) {
    const knowing = servicesOf(staging)
      .filter(([, one]) => JSON.stringify(one).includes(secret))
      .map(([name]) => name)
    expect(knowing.sort()).toEqual([service, 'migrate'].sort())
  }
})

test('what is there is not written over, and the certificates are for every host', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plexus-'))
  try {
    await prepareCompose(['--out', folder, '--domain', 'plexus.test'], now, () => {})
    const before = await readFile(join(folder, '.env'), 'utf8')
    const said: string[] = []
    expect(await prepareCompose(['--out', folder], now, (line) => said.push(line))).toBe(1)
    expect(said[0]).toContain('is there already')
    expect(await readFile(join(folder, '.env'), 'utf8')).toBe(before)
    expect((await Bun.file(join(folder, '.env')).stat()).mode & 0o077).toBe(0)
    const edge = new X509Certificate(await readFile(join(folder, 'certificates/edge.crt')))
    for (const name of edgeNames('plexus.test')) expect(edge.checkHost(name)).toBe(name)
    expect(edge.checkHost('plexus.example')).toBeUndefined()
  } finally {
    await rm(folder, { recursive: true })
  }
})
