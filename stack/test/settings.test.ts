import { afterAll, expect, test } from 'bun:test'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { databaseServices, subgraphs } from '#schema/subgraphs'
import { stackConfigFrom } from '../config.ts'
import { newSecrets, publicJwk, secretsIn } from '../secrets.ts'
import { stackEnvironments } from '../up/environments.ts'

const folder = await mkdtemp(join(tmpdir(), 'plexus-settings-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

test('on a laptop nothing has to be set, and every port can be', () => {
  expect(stackConfigFrom({})).toMatchObject({
    gatewayPort: 3000,
    providerPort: 3001,
    postgresPort: 5433,
    logLevel: 'info',
  })
  expect(stackConfigFrom({ GATEWAY_PORT: '8080' }).gatewayPort).toBe(8080)
  expect(() => stackConfigFrom({ GATEWAY_PORT: 'web', POSTGRES_PORT: '-1' })).toThrow(
    /GATEWAY_PORT.*\n.*POSTGRES_PORT/,
  )
})

test('the real Stripe takes payments with both of its secrets, and the sandbox with none', () => {
  const real = { STRIPE_SECRET_KEY: 'sk_test_key', STRIPE_WEBHOOK_SECRET: 'whsec_secret' }
  expect(stackConfigFrom({})).toMatchObject({ stripe: null, stripeSandboxPort: 3002 })
  expect(stackConfigFrom(real).stripe).toEqual({
    ...{ secretKey: 'sk_test_key', webhookSecret: 'whsec_secret', apiUrl: null },
  })
  expect(() => stackConfigFrom({ STRIPE_SECRET_KEY: 'sk_test_key' })).toThrow(
    /STRIPE_WEBHOOK_SECRET: is required/,
  )
})

test('on Keycloak the gateway trusts its realm, and auth brings no provider', async () => {
  const config = stackConfigFrom({ IDENTITY: 'keycloak', PROVIDER_PORT: '4001' })
  const secrets = await newSecrets()
  const given = { config, secrets, databaseUrl: () => 'postgres://db/plexus', watch: false }
  const { gateway, auth } = stackEnvironments(given)
  expect(gateway).toMatchObject({
    OIDC_PROVIDER_KIND: 'external',
    OIDC_ISSUER: 'http://localhost:4001/realms/plexus',
    BEARER_AUDIENCE: 'plexus-api',
  })
  expect(auth).toMatchObject({
    EMBEDDED_PROVIDER: 'false',
    KEYCLOAK_URL: 'http://localhost:4001',
    KEYCLOAK_CLIENT_SECRET: secrets.keycloakAccountsSecret,
  })
  expect(auth).not.toHaveProperty('PROVIDER_ISSUER')
  expect(() => stackConfigFrom({ IDENTITY: 'google' })).toThrow(
    'IDENTITY: must be embedded or keycloak',
  )
})

test('secrets stay the same over restarts and only their owner may read them', async () => {
  const first = await secretsIn(folder)
  expect(await secretsIn(folder)).toEqual(first)
  const { mode } = await stat(join(folder, 'secrets.json'))
  expect(mode & 0o777).toBe(0o600)
})

test('a secret that an earlier release did not make is made, and the others stay', async () => {
  const file = join(folder, 'secrets.json')
  const { slotTokenSecret, ...earlier } = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, JSON.stringify(earlier))
  const secrets = await secretsIn(folder)
  expect(secrets.slotTokenSecret).toBeString()
  expect(secrets.slotTokenSecret).not.toBe(slotTokenSecret)
  expect(secrets).toMatchObject(earlier)
})

test('damaged secrets are one sentence that names the file and the cure, and stay as they are', async () => {
  const damaged = await mkdtemp(join(tmpdir(), 'plexus-damaged-'))
  const file = join(damaged, 'secrets.json')
  for (const text of ['{"identityJwk":', 'null', '[]', '""', '{"sessionKey":7}']) {
    await writeFile(file, text)
    await expect(secretsIn(damaged)).rejects.toThrow(
      `${file} cannot be read: put it back, or delete it to get new secrets; everybody signs in again then.`,
    )
    expect(await readFile(file, 'utf8')).toBe(text)
  }
  await rm(damaged, { recursive: true })
})

test('two machines share no secret, and a public key has no private part', async () => {
  const [one, other] = [await newSecrets(), await newSecrets()]
  const values = (secrets: typeof one) =>
    Object.values(secrets).map((value) => JSON.stringify(value))
  expect(values(one).filter((value) => values(other).includes(value))).toEqual([])
  expect(publicJwk(one.identityJwk)).not.toHaveProperty('d')
})

test('each service is told only its own secrets', async () => {
  const secrets = await newSecrets()
  const environments = stackEnvironments({
    config: stackConfigFrom({}),
    secrets,
    databaseUrl: (service) => `postgres://svc_${service}@localhost/plexus`,
    watch: false,
  })
  expect(Object.keys(environments).sort()).toEqual([...databaseServices].sort())
  const told = (name: keyof typeof environments) => JSON.stringify(environments[name])
  const privatePart = secrets.identityJwk.d ?? 'none'
  expect(told('gateway')).toContain(privatePart)
  for (const { name: room } of subgraphs) {
    expect(told(room)).not.toContain(privatePart)
    expect(told(room)).toContain(`svc_${room}@`)
  }
  const elsewhere = databaseServices.filter((service) => service !== 'billing')
  for (const service of elsewhere) {
    expect(told(service)).not.toContain(secrets.stripeSecretKey)
    expect(told(service)).not.toContain(secrets.stripeWebhookSecret)
  }
  expect(told('billing')).toContain(secrets.stripeSecretKey)
  expect(told('users')).not.toContain(secrets.slotTokenSecret)
  expect(environments.gateway.EXPLORE_FROM_LOCALHOST).toBe('false')
})
