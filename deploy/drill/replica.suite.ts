import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { chmodSync, mkdirSync } from 'node:fs'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { freePort } from '../../stack/ports.ts'
import { newAuthority, newCertificate } from '../../stack/testing/certificates.ts'
import { openPlace, type Place } from './place.ts'
import { missingPrograms, postgresPrograms } from './programs.ts'

const k3s = resolve(import.meta.dir, '../k3s')
const scripts = join(k3s, 'components/replica/rooms')
const programs = postgresPrograms()
const missing = programs ? missingPrograms(['openssl']) : 'PostgreSQL not installed'
const drill = programs ? `a replica of PostgreSQL ${programs.major}` : 'a replica'

const passwords = { POSTGRES_PASSWORD: 'only-of-this-drill', REPLICATION_PASSWORD: 'of-it-too' }

describe.skipIf(missing !== null)(`${drill}${missing ? `: ${missing}` : ''}`, () => {
  let place: Place
  let ports: Record<'primary' | 'replica', number>
  type Name = keyof typeof ports

  const must = async (command: readonly string[], env: Record<string, string> = {}) => {
    const outcome = await place.run(command, env)
    if (outcome.code !== 0) throw new Error(`${command.join(' ')}: ${outcome.out} ${outcome.err}`)
    return outcome.out
  }

  const ask = (name: Name, statement: string, sslmode = 'verify-full') => {
    const target = `host=localhost port=${ports[name]} user=postgres dbname=postgres sslmode=${sslmode}`
    const env = { PGPASSWORD: passwords.POSTGRES_PASSWORD, PGSSLROOTCERT: place.path('ca.crt') }
    return place.run(['psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-c', statement, target], env)
  }
  const answerOf = async (name: Name, statement: string) => (await ask(name, statement)).out

  const becomeReplica = (env: Record<string, string> = {}) =>
    place.run(['bash', place.path('replica-scripts/become-replica')], {
      ...{ ...passwords, PGDATA: place.path('replica') },
      ...{ PRIMARY_HOST: 'localhost', PRIMARY_PORT: String(ports.primary) },
      ...{ PGSSLROOTCERT: place.path('ca.crt'), ...env },
    })

  /** The committed settings, with the folders of this place. */
  async function settings() {
    const base = join(k3s, 'base/data/postgres')
    const [config, rules] = await Promise.all(
      ['postgresql.conf', 'pg_hba.conf'].map((name) => readFile(join(base, name), 'utf8')),
    )
    const here = (config ?? '')
      .replaceAll('/etc/plexus', place.folder)
      .replaceAll('/var/run/postgresql', place.path('run'))
      .replace(/^archive_command = .*$/m, "archive_command = 'true'")
    await writeFile(place.path('postgresql.conf'), here)
    await writeFile(place.path('pg_hba.conf'), rules ?? '')
  }

  /** A key that PostgreSQL takes: its owner's alone. */
  async function certificate() {
    const authority = await newAuthority(place.folder, 'ca')
    const { key, file } = await newCertificate(place.folder, authority, 'localhost')
    mkdirSync(place.path('tls'))
    await copyFile(file, place.path('tls/tls.crt'))
    await writeFile(place.path('tls/tls.key'), await readFile(key))
    const owner = (await must(['id', '-u'])).trim()
    Bun.spawnSync(['chown', owner, place.path('tls/tls.key')])
    chmodSync(place.path('tls/tls.key'), 0o600)
  }

  const start = (name: Name) => {
    const options = `-c config_file=${place.path('postgresql.conf')} -p ${ports[name]}`
    const command = `pg_ctl -D ${place.path(name)} -w -t 60 -l ${place.path(`${name}.log`)}`
    return must(['bash', '-c', `${command} -o "${options}" start >/dev/null 2>&1`])
  }
  const stop = (name: Name, mode: string) =>
    place.run(['pg_ctl', '-D', place.path(name), '-w', '-m', mode, 'stop'])

  async function until(name: Name, statement: string, wanted: string) {
    const deadline = performance.now() + 20_000
    while ((await answerOf(name, statement)) !== wanted) {
      if (performance.now() > deadline) throw new Error(`${statement} never gave ${wanted}`)
      await Bun.sleep(50)
    }
  }

  beforeAll(async () => {
    place = await openPlace([programs?.folder ?? ''])
    ports = { primary: await freePort(), replica: await freePort() }
    place.make('run')
    place.make('replica-scripts')
    for (const name of ['become-replica', 'replication-role.sql']) {
      await copyFile(join(scripts, name), place.path('replica-scripts', name))
    }
    await certificate()
    await settings()
    await writeFile(place.path('password'), passwords.POSTGRES_PASSWORD)
    await must([
      ...['initdb', '-D', place.path('primary'), '-U', 'postgres', '-A', 'scram-sha-256'],
      ...['--pwfile', place.path('password'), '--no-sync'],
    ])
    await start('primary')
    await ask('primary', 'create table note (n int primary key)')
    await ask('primary', 'insert into note select generate_series(1, 1000)')
  }, 60_000)

  afterAll(async () => {
    await stop('replica', 'immediate')
    await stop('primary', 'immediate')
    await place?.remove()
  }, 60_000)

  test('the committed settings let nobody in without TLS', async () => {
    const plain = await ask('primary', 'select 1', 'disable')
    expect(plain.err).toContain('no encryption')
    expect(await answerOf('primary', 'select count(*) from note')).toBe('1000')
    const shown = 'select current_setting($$archive_timeout$$), current_setting($$archive_mode$$)'
    expect(await answerOf('primary', shown)).toBe('1min|on')
  })

  test('a copy is made over TLS alone, of what an interrupted one left nothing', async () => {
    const strangers = await becomeReplica({ PGSSLROOTCERT: '/etc/ssl/certs/ca-certificates.crt' })
    expect(strangers).toMatchObject({ code: expect.any(Number) })
    expect(strangers.code).not.toBe(0)
    place.make('replica.new')
    await must(['touch', place.path('replica.new/half')])
    expect(await becomeReplica()).toMatchObject({ code: 0, out: expect.stringContaining('Copied') })
    expect((await place.run(['ls', place.path('replica/half')])).code).not.toBe(0)
    expect((await becomeReplica()).out).toBe('This is a copy already.')
  }, 60_000)

  test('[FC-45] [BC-48] a replica follows and refuses to be written to; promoted, it takes what people write', async () => {
    await start('replica')
    await ask('primary', 'insert into note values (1001)')
    await until('replica', 'select count(*) from note', '1001')
    expect((await ask('replica', 'insert into note values (1002)')).err).toContain('read-only')
    const slot = 'select active from pg_replication_slots where slot_name = $$replica$$'
    expect(await answerOf('primary', slot)).toBe('t')

    await stop('primary', 'immediate')
    expect(await answerOf('replica', 'select pg_promote()')).toBe('t')
    expect(await ask('replica', 'insert into note values (1002)')).toMatchObject({ code: 0 })
    expect(await answerOf('replica', 'select count(*) from note')).toBe('1002')
  }, 60_000)
})
