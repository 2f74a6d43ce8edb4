import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { cp, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Pool } from '#kit/postgres'
import { verifyChain } from '../../stack/audit/chain.ts'
import type { Postgres } from '../../stack/postgres.ts'
import { ensureDatabase, prepareDatabase } from '../../stack/prepare-database.ts'
import { testEnvironments } from '../../stack/testing/system.ts'
import { recordFigure } from './figures.ts'
import { type AgeKey, ageKey } from './keys.ts'
import { type BaseOptions, takeBase } from './low-level/base.ts'
import { brokenInvariants, fingerprintOf, rowsIn } from './low-level/fingerprint.ts'
import { fillProduct, startProduct, stateOf } from './low-level/product.ts'
import { restoreTo } from './low-level/restore.ts'
import { archived, asAdmin, destroy, startArchived } from './low-level/server.ts'
import { openPlace, type Place } from './place.ts'
import { missingPrograms } from './programs.ts'

setDefaultTimeout(300_000)

const missing = missingPrograms(['age', 'zstd', 'tar', 'sha256sum'])
const drill = 'PostgreSQL 18 with the product on it'
const realmFile = resolve(import.meta.dir, '../k3s/base/auth/keycloak/realm.json')

describe.skipIf(missing !== null)(`${drill}${missing ? `: ${missing}` : ''}`, () => {
  let place: Place
  let key: AgeKey
  let postgres: Postgres
  let server: { port: number; settings: readonly string[] }
  let installation: Awaited<ReturnType<typeof testEnvironments>>
  let base: BaseOptions
  const pools: Pool[] = []

  const open = (database: string) => {
    const sql = asAdmin(postgres, database)
    pools.push(sql)
    return sql
  }
  const closed = () => Promise.all(pools.splice(0).map((sql) => sql.end({ timeout: 1 })))
  const seconds = (name: string, ms: number, limit?: number) =>
    recordFigure({
      ...{ drill, name, value: Math.round(ms / 100) / 10, unit: 's' },
      ...(limit && { limit }),
    })
  const passwordOf = (service: string) => installation.secrets.databasePasswords[service] ?? ''
  const urlOf = (service: string) =>
    `postgres://svc_${service}:${passwordOf(service)}@127.0.0.1:${server.port}/plexus`
  const prepared = async () => {
    await ensureDatabase(postgres.adminUrl, 'plexus')
    const sql = asAdmin(postgres, 'plexus')
    const ran = await prepareDatabase(sql, passwordOf)
    await sql.end()
    return ran
  }

  beforeAll(async () => {
    place = await openPlace([])
    await cp(resolve(import.meta.dir, 'low-level'), place.path('low-level'), { recursive: true })
    key = await ageKey(place)
    const archive = { folder: place.make('archive'), recipient: key.recipient }
    const started = await startArchived(place, archive, 60)
    postgres = started.postgres
    server = started
    // The addresses hold the passwords that it makes.
    installation = await testEnvironments({ url: () => 'postgres://later' })
    for (const [service, own] of Object.entries(installation.environments)) {
      own.DATABASE_URL = urlOf(service)
    }
    await prepared()
    await ensureDatabase(postgres.adminUrl, 'keycloak')
    base = {
      ...{ place, adminUrl: postgres.adminUrl, dataDir: place.path('data') },
      ...{ archive: archive.folder, recipient: key.recipient, now: () => new Date() },
    }
  })

  afterAll(async () => {
    await closed()
    await postgres.stop()
    await place.remove()
  })

  test('everything is lost, and the product serves again as it was at a moment in the middle', async () => {
    // The product lives: people, a session that is booked and paid, a realm, files.
    const before = await startProduct(installation)
    const { email, bookingId } = await fillProduct(before, {
      ...{ secrets: installation.secrets, sql: open('plexus') },
    })
    const realm = await readFile(realmFile, 'utf8')
    await open('keycloak')`create table realm as select ${realm}::text as document`
    await open('plexus').unsafe(
      `create table public.drill as
         select n as id, md5(n::text) as note from generate_series(1, 1000000) n`,
    )
    const beganBase = performance.now()
    await takeBase(base)
    seconds('base backup while it serves', performance.now() - beganBase)
    await place.run(['mkdir', '-p', place.path('kept')])
    await Bun.write(place.path('kept/realm.json'), realm)
    await Bun.write(place.path('kept/secrets.json'), JSON.stringify(installation.secrets))
    // A copy that the server's user may read; the scripts run as that user.
    await Bun.write(
      place.path('kept/postgres.password'),
      await readFile(place.path('data.password'), 'utf8'),
    )
    const store = { BACKUP_FOLDER: place.make('nas'), BACKUP_RECIPIENT: key.recipient }
    const kept = await place.run(['snapshot-files', 'installation', place.path('kept')], store)
    expect(kept.err).toContain('3 files are kept.')

    // The moment: nobody writes for a second, so that every table can be held against it.
    await before.person('Bob After The Backup')
    await before.stop()
    const recorded = {
      plexus: await fingerprintOf(open('plexus')),
      keycloak: await fingerprintOf(open('keycloak')),
    }
    const [at] = await open('plexus')<{ moment: string }[]>`
      select clock_timestamp()::text as moment, pg_sleep(1)`
    const moment = at?.moment ?? ''

    // Life goes on, then somebody makes a mistake, then the machine burns.
    const after = await startProduct(installation)
    await after.signIn(email)
    await after.stop()
    await open('plexus').unsafe('drop schema bookings cascade')
    expect(await fingerprintOf(open('plexus'))).not.toEqual(recorded.plexus)
    await archived(open('plexus'))
    await closed()
    await destroy(place.path('data'))
    await place.run(['rm', '-rf', place.path('kept')])

    const began = performance.now()
    const [file = ''] = (await place.run(['ls', place.path('nas')])).out.split('\n')
    const files = await place.run(
      ['restore-files', place.path('nas', file), place.path('restored')],
      { ...store, BACKUP_IDENTITY_FILE: key.identityFile },
    )
    expect(files.err).toContain('3 files are in')
    const restoredFiles = place.path('restored/files/kept')
    await cp(`${restoredFiles}/postgres.password`, place.path('data.password'))
    expect(await Bun.file(`${restoredFiles}/secrets.json`).json()).toEqual(installation.secrets)
    postgres = await restoreTo(
      {
        ...{ place, archive: base.archive, identityFile: key.identityFile },
        ...{ dataDir: place.path('data'), to: moment },
      },
      server,
    )
    seconds('destroyed -> PostgreSQL at the moment, 1 M rows', performance.now() - began, 30)
    expect(await fingerprintOf(open('plexus'))).toEqual(recorded.plexus)
    expect(await fingerprintOf(open('keycloak'))).toEqual(recorded.keycloak)
    recordFigure({
      ...{ drill, name: 'tables compared', unit: 'tables' },
      value: Object.keys(recorded.plexus).length + Object.keys(recorded.keycloak).length,
    })
    recordFigure({ drill, name: 'rows compared', unit: 'rows', value: rowsIn(recorded.plexus) })
    expect(await brokenInvariants(open('plexus'))).toEqual([])
    expect((await verifyChain(open('plexus'), null)).fault).toBeNull()
    const [document] = await open('keycloak')<{ document: string }[]>`select document from realm`
    expect(document?.document).toBe(realm)
    expect(await Bun.file(`${restoredFiles}/realm.json`).text()).toBe(realm)

    const beganProduct = performance.now()
    expect(await prepared()).toEqual([])
    const again = await startProduct(installation)
    const client = await again.signIn(email)
    expect(await stateOf(client, bookingId)).toBe('CONFIRMED SUCCEEDED')
    seconds('restored -> the product answers a person', performance.now() - beganProduct)
    seconds('nothing -> the product answers a person', performance.now() - began, 1_800)
    await again.stop()
  })
})
