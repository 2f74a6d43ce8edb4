import { expect, test } from 'bun:test'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const folder = resolve(import.meta.dir, '../../postgres/bin')
const names = readdirSync(folder)
const isProgram = (name: string) => !name.endsWith('-lib')

const run = (name: string, args: readonly string[], env: Record<string, string> = {}) => {
  const ended = Bun.spawnSync(['bash', join(folder, name), ...args], {
    stdin: 'ignore',
    env: { PATH: '/usr/bin:/bin', ...env },
  })
  return { code: ended.exitCode, err: ended.stderr.toString() }
}

test.each(names)('%s is bash that parses, stops at the first fault, and may be run', (name) => {
  const text = readFileSync(join(folder, name), 'utf8')
  expect(Bun.spawnSync(['bash', '-n', join(folder, name)]).exitCode).toBe(0)
  if (!isProgram(name)) return
  expect(text).toStartWith('#!/usr/bin/env bash\n')
  expect(text).toContain('\nset -euo pipefail\n')
  expect(statSync(join(folder, name)).mode & 0o111).toBe(0o111)
})

test('every fault comes with its remedy', () => {
  for (const name of names.filter((file) => file !== 'backup-lib')) {
    const text = readFileSync(join(folder, name), 'utf8').replaceAll('\\\n', ' ')
    const faults = [
      ...text.matchAll(/(?:^|[\s|;])fault ((?:'[^']*'|"[^"]*")\s+(?:'[^']*'|"[^"]*"))?/gm),
    ]
    const bare = faults.filter(([, words]) => !words)
    expect({ name, bare: bare.map(([whole]) => whole) }).toEqual({ name, bare: [] })
  }
})

type Env = Record<string, string>
const secretAsRecipient = { BACKUP_RECIPIENT: 'AGE-SECRET-KEY-1X', BACKUP_FOLDER: '/nowhere' }

const faults: readonly (readonly [string, string, string, Env?])[] = [
  ['backup-database', 'weekly', "There is no backup 'weekly'."],
  ['backup-database', 'full', 'PGBACKREST_REPO1_CIPHER_PASS is not set.'],
  ['restore-database', '', 'PGDATA is not set.'],
  ['restore-database', '--now', "restore-database does not know '--now'."],
  ['drill-database', '', 'DRILL_FOLDER is not set.'],
  ['dump-database', '', 'BACKUP_RECIPIENT is not set.'],
  ['dump-database', '', 'BACKUP_FOLDER is not set.', { BACKUP_RECIPIENT: 'age1x' }],
  ['dump-database', '', 'BACKUP_RECIPIENT is no age public key.', secretAsRecipient],
  ['snapshot-files', 'Uploads!', 'snapshot-files takes a name and folders.'],
  ['restore-files', '', 'restore-files takes a snapshot and a new folder.'],
  ['restore-dump', '', 'restore-dump takes a file'],
  ['postgres-entrypoint', '', 'PGDATA is not set.'],
  ['postgres-entrypoint', '', 'PGBACKREST_REPO1_CIPHER_PASS is not set.', { PGDATA: '/nowhere' }],
]

test.each(faults)('%s %s says what is wrong and what to do: %s', (name, args, words, env = {}) => {
  const { code, err } = run(name, args.split(' ').filter(Boolean), env)
  expect(err).toContain(`${name}: FAULT: ${words}`)
  expect(err).toContain(`${name}: REMEDY: `)
  expect(code).not.toBe(0)
})

const stubs: readonly (readonly [string, string, string, number])[] = [
  ['echo "ERROR: [050]: unable to acquire lock"; exit 50', '900', 'Another backup', 75],
  ['echo "ERROR: [064]: unable to write"; exit 64', '3', 'The repository is full', 73],
  ['echo "ERROR: [028]: do not match"; exit 28', '900', 'The repository was not made', 70],
]

test.each(stubs)(
  'a backup that meets %s with %s MB left says so: %s',
  async (met, free, words, code) => {
    const place = await mkdtemp(join(tmpdir(), 'plexus-backup-'))
    const program = (name: string, body: string) =>
      writeFile(join(place, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 })
    try {
      await program('pgbackrest', met)
      await program('df', `printf 'Avail\\n%s\\n' ${free}`)
      const env = { PATH: `${place}:/usr/bin:/bin`, PGBACKREST_REPO1_CIPHER_PASS: 'x' }
      const ended = run('backup-database', ['full'], env)
      expect(ended.err).toContain(`backup-database: FAULT: ${words}`)
      expect(ended.code).toBe(code)
    } finally {
      await rm(place, { recursive: true })
    }
  },
)

test('a volume in the middle of a restore is not started as a server', async () => {
  const place = await mkdtemp(join(tmpdir(), 'plexus-entry-'))
  const env = {
    PGDATA: join(place, 'pgdata'),
    PGBACKREST_REPO1_CIPHER_PASS: 'x',
    POSTGRES_ENTRYPOINT: 'echo',
  }
  try {
    await Bun.write(`${env.PGDATA}.restoring`, '')
    const interrupted = run('postgres-entrypoint', ['postgres'], env)
    expect(interrupted.code).toBe(73)
    expect(interrupted.err).toContain('REMEDY: Go on with it: restore-database --resume')
    await rm(`${env.PGDATA}.restoring`)
    expect(run('postgres-entrypoint', ['true'], env).code).toBe(0)
  } finally {
    await rm(place, { recursive: true })
  }
})
