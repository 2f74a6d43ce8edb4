import { expect, test } from 'bun:test'
import { ConfigError } from '#kit/config'
import { databaseServices } from '#schema/subgraphs'
import { migrateConfigFrom } from '../migrate/config.ts'
import { environmentsFrom } from '../one/environments.ts'

test('a variable with the name of a service before it is of that service alone', () => {
  const env = { LOG_LEVEL: 'warn', DATABASE_URL: 'shared', USERS_DATABASE_URL: 'of users' }
  const { users, billing } = environmentsFrom(env)
  expect(users).toMatchObject({ LOG_LEVEL: 'warn', DATABASE_URL: 'of users' })
  expect(billing).toMatchObject({ LOG_LEVEL: 'warn', DATABASE_URL: 'shared' })
})

const passwords = Object.fromEntries(
  databaseServices.map((name) => [`${name.toUpperCase()}_DATABASE_PASSWORD`, `${name}-password`]),
)
const complete = { DATABASE_ADMIN_URL: 'postgres://a:b@db/plexus', ...passwords }

test('the job that migrates knows the password of every service, and no other unless it is given', () => {
  const { passwordOf, keycloakPassword, monitorPassword } = migrateConfigFrom(complete)
  for (const name of databaseServices) expect(passwordOf(name)).toBe(`${name}-password`)
  expect(keycloakPassword).toBeNull()
  expect(monitorPassword).toBeNull()
})

test('everything that is missing is named at once', () => {
  const missing = { USERS_DATABASE_PASSWORD: 'users-password' }
  for (const name of ['DATABASE_ADMIN_URL', 'AUTH_DATABASE_PASSWORD'])
    expect(() => migrateConfigFrom(missing)).toThrow(`${name}: is required`)
})

test('a password that is missing is named, and none that was given is repeated', () => {
  const rest = { ...complete, BILLING_DATABASE_PASSWORD: undefined }
  expect(() => migrateConfigFrom(rest)).toThrow(ConfigError)
  expect(() => migrateConfigFrom(rest)).toThrow('BILLING_DATABASE_PASSWORD: is required')
  expect(() => migrateConfigFrom({ ...rest, BILLING_DATABASE_PASSWORD: 'short' })).not.toThrow(
    'short',
  )
})
