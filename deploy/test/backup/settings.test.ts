import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { at, everyAt, textOf } from '../../render/json.ts'
import { renderOverlay } from '../../render/overlay.ts'
import { kindOf, nameOf, namespaceOf } from '../../render/resource.ts'
import { objectAt, withComponents } from '../overlay-cluster.ts'

const root = resolve(import.meta.dir, '../..')
const text = (path: string) => readFileSync(resolve(root, path), 'utf8')

/** `name = value` lines, without quotes; the last wins, as it does for who reads them. */
const settingsIn = (path: string): Record<string, string> =>
  Object.fromEntries(
    [...text(path).matchAll(/^([\w-]+) *= *'?([^'\n]*)'?$/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  )

const single = renderOverlay('single-4g')
const full = renderOverlay('full-8g')
const named = (manifests: typeof single, kind: string, name: string) => {
  const found = manifests.find((value) => kindOf(value) === kind && nameOf(value) === name)
  if (!found) throw new Error(`There is no ${kind} ${name}.`)
  return found
}

test('at most a minute of work can be lost: WAL leaves every 60 s on one server and in a cluster', () => {
  const drilled = settingsIn('postgres/archive.conf')
  const deployed = settingsIn('k3s/base/data/postgres/postgresql.conf')
  for (const name of ['archive_timeout', 'archive_mode', 'archive_command', 'wal_level']) {
    expect({ name, value: deployed[name] }).toEqual({ name, value: drilled[name] ?? '' })
  }
  expect(deployed).toMatchObject({ archive_timeout: '60', archive_mode: 'on' })
  // pgBackRest's own check refuses an archive_command without its name.
  expect(deployed.archive_command).toContain('pgbackrest')
  const cluster = named(full, 'Cluster', 'postgres')
  expect(textOf(at(cluster, 'spec.postgresql.parameters.archive_timeout'))).toBe('60s')
})

test('[BC-44] the repository keeps 30 days by time, in both profiles, encrypted', () => {
  expect(settingsIn('postgres/pgbackrest.conf')).toMatchObject({
    'repo1-retention-full-type': 'time',
    'repo1-retention-full': '30',
    'repo1-cipher-type': 'aes-256-cbc',
  })
  expect(textOf(at(named(full, 'ObjectStore', 'backups'), 'spec.retentionPolicy'))).toBe('30d')
})

type Job = readonly [string, string, readonly string[]]
const jobs: readonly Job[] = [
  ['backup-full', '30 2 * * 0', ['backup-database', 'full']],
  ['backup-diff', '30 2 * * 1-6', ['backup-database', 'diff']],
  ['backup-dump', '0 4 * * *', ['dump-database']],
  ['backup-files', '20 4 * * *', ['snapshot-files', 'certificates', '/files']],
  ['drill-restore', '0 5 * * 1', ['drill-database']],
]

const podOf = 'spec jobTemplate spec template spec'.split(' ')

const scriptOf = (manifest: (typeof single)[number]): string[] => {
  const [container] = everyAt(manifest, [...podOf, 'containers'])
  const command = container?.command
  return Array.isArray(command) ? command.map(textOf) : []
}

test.each(jobs)('[FC-44] %s runs by itself, at %p, one at a time', (name, schedule, command) => {
  const job = named(single, 'CronJob', name)
  expect(at(job, 'spec.schedule')).toBe(schedule)
  expect(at(job, 'spec.concurrencyPolicy')).toBe('Forbid')
  expect(at(job, 'spec.suspend')).toBeUndefined()
  expect(scriptOf(job)).toEqual([...command])
  expect(text(`postgres/bin/${command[0]}`)).toStartWith('#!/usr/bin/env bash')
})

test('a cluster of CloudNativePG backs up every day too, dumps and is drilled as one server is', () => {
  const schedule = named(full, 'ScheduledBackup', 'backup-daily')
  expect(textOf(at(schedule, 'spec.schedule'))).toMatch(/^0 \d+ \d+ \* \* \*$/)
  expect(scriptOf(named(full, 'CronJob', 'backup-dump'))).toEqual(['dump-database'])
  const drill = named(full, 'CronJob', 'drill-restore')
  expect(at(drill, 'spec.schedule')).toBe('0 5 * * 1')
  const steps = everyAt(drill, [...podOf, 'initContainers'])
  expect(steps.map(({ name }) => name)).toEqual(['forget-last', 'recover', 'ready', 'read'])
  // The copy must not write into the archive of the cluster that it was made from.
  const copy = text('k3s/base/data/cluster/drill/cluster.yaml')
  expect(copy).toContain('name: postgres-drill\n')
  expect(copy).not.toContain('isWALArchiver')
  expect(text('k3s/recovery/cluster.yaml')).toContain('serverName: postgres-restored')
})

test('[BC-23] [BC-43] the daily dump is written to the NAS, by NFS, and nothing here removes it from there', async () => {
  const cluster = await withComponents('single-4g', ['backup-nas'])
  const dump = objectAt(cluster, 'CronJob', 'data/backup-dump')
  expect(at(dump, 'spec.schedule')).toBe('0 4 * * *')
  const [claim] = everyAt(dump, [...podOf, 'volumes', 'persistentVolumeClaim'])
  const bound = objectAt(cluster, 'PersistentVolumeClaim', `data/${textOf(claim?.claimName)}`)
  expect(at(bound, 'spec.storageClassName')).toBe('')
  const volume = cluster
    .of('PersistentVolume')
    .find((value) => nameOf(value) === at(bound, 'spec.volumeName'))
  expect(volume?.spec).toMatchObject({
    persistentVolumeReclaimPolicy: 'Retain',
    nfs: { server: 'nas.example', path: '/volume1/plexus' },
    claimRef: { namespace: 'data', name: 'backup' },
  })
})

test("[FC-43] Keycloak's data is a database of a volume of 10Gi, in every backup and in the drill", () => {
  const server = named(single, 'StatefulSet', 'postgres')
  const [claim] = everyAt(server, ['spec', 'volumeClaimTemplates', 'spec'])
  expect(textOf(at(claim, 'resources.requests.storage'))).toBe('10Gi')
  const keycloak = JSON.stringify(single.filter((value) => namespaceOf(value) === 'auth'))
  expect(keycloak).toMatch(/jdbc:postgresql:\/\/postgres\.data[^"]*\/keycloak/)
  const [container] = everyAt(named(single, 'CronJob', 'drill-restore'), [...podOf, 'containers'])
  expect(container?.env).toContainEqual({ name: 'DRILL_DATABASES', value: 'plexus keycloak' })
})

test('certificates are kept every day, encrypted for a key that is not in the cluster', () => {
  const kept = [
    ['data', 'backup-files'],
    ['edge', 'backup-certificates'],
  ] as const
  for (const [namespace, name] of kept) {
    const job = named(single, 'CronJob', name)
    expect(namespaceOf(job)).toBe(namespace)
    expect(scriptOf(job)[0]).toBe('snapshot-files')
    const env = everyAt(job, [...podOf, 'containers', 'env'])
    expect(textOf(env.find((one) => one.name === 'BACKUP_RECIPIENT')?.value)).toStartWith('age1')
  }
})

test('the image is PostgreSQL 18 with a pgBackRest that knows it, and starts nothing as root', () => {
  const dockerfile = text('postgres/Dockerfile')
  expect(dockerfile).toMatch(/^FROM docker\.io\/library\/postgres:18\.\d+-bookworm$/m)
  const [, minor] = /^ARG PGBACKREST_MIN=2\.(\d+)$/m.exec(dockerfile) ?? []
  // 2.55 is the first that reads 18 at all.
  expect(Number(minor)).toBeGreaterThanOrEqual(55)
  expect(dockerfile).toContain('dpkg --compare-versions')
  expect(dockerfile).toMatch(/^USER 999:999$/m)
  expect(dockerfile).not.toContain('latest')
})
