import { expect, test } from 'bun:test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cluster } from '../model/cluster.ts'
import { at, recordOf, recordsOf, textOf, textsOf } from '../render/json.ts'
import { nameOf, namespaceOf } from '../render/resource.ts'
import { newMaterial } from '../secrets/material.ts'
import { secretTable } from '../secrets/table.ts'
import { clusters, containerAt } from './overlay-cluster.ts'
import { configOf, type ServiceName, serviceNames } from './service-config.ts'

const material = await newMaterial(new Date('2026-11-22T05:00:00Z'), {})

const configMap = (cluster: Cluster, name: string) =>
  textsOf(
    cluster.of('ConfigMap').find((value) => nameOf(value) === name && namespaceOf(value) === 'app')
      ?.data,
  )

const secret = (name: string) =>
  secretTable.find((row) => row.name === name)?.values(material) ?? {}

/** What the kubelet gives a container: the sources in their order, then what is written out. */
function environmentOf(cluster: Cluster, service: ServiceName): Record<string, string> {
  const { value } = containerAt(cluster, `app/${service}`)
  const sources = recordsOf(value.envFrom).map((source) => ({
    ...configMap(cluster, textOf(at(source, 'configMapRef.name'))),
    ...secret(textOf(at(source, 'secretRef.name'))),
  }))
  const environment: Record<string, string> = Object.assign({}, ...sources)
  for (const entry of recordsOf(value.env)) {
    const { fieldRef, secretKeyRef } = recordOf(entry.valueFrom)
    const field = textOf(at(fieldRef, 'fieldPath'))
    const own = secret(textOf(at(secretKeyRef, 'name')))[textOf(at(secretKeyRef, 'key'))]
    const text = field === 'status.podIP' ? '10.42.0.7' : (own ?? textOf(entry.value))
    environment[textOf(entry.name)] = text.replace(
      /\$\((\w+)\)/g,
      (_, name) => environment[name] ?? '',
    )
  }
  return environment
}

const cases = clusters.flatMap(([profile, cluster]) =>
  serviceNames.map((service) => [profile, service, cluster] as const),
)

/** Where the pod finds the certificate of whoever signed the database's: mounted, and read here from a copy. */
async function withAuthority(
  environment: Record<string, string>,
  work: (own: Record<string, string>) => Promise<void>,
) {
  const folder = await mkdtemp(join(tmpdir(), 'plexus-environment-'))
  const DATABASE_CA_FILE = join(folder, 'ca.crt')
  await writeFile(DATABASE_CA_FILE, material.authority.certificate)
  await work({ ...environment, DATABASE_CA_FILE }).finally(() => rm(folder, { recursive: true }))
}

test.each(cases)('%s: %s starts with what it is given', async (_, service, cluster) => {
  const given = environmentOf(cluster, service)
  const mounted = recordsOf(containerAt(cluster, `app/${service}`).value.volumeMounts)
  expect(given.DATABASE_CA_FILE).toBe(
    `${textOf(mounted.find(({ name }) => name === 'postgres-ca')?.mountPath)}/ca.crt`,
  )
  await withAuthority(given, async (own) => {
    expect(await configOf(service, own)).toBeDefined()
    expect(configOf(service, { ...own, DATABASE_URL: '' })).rejects.toThrow('DATABASE_URL')
  })
})

/** Read by Bun, or by another variable that names it. */
const elsewhere = new Set(['BUN_CONFIG_MAX_HTTP_REQUESTS', 'DATABASE_PASSWORD', 'POD_IP'])

const root = join(import.meta.dir, '../..')

async function sourcesOf(service: ServiceName): Promise<string> {
  const folder = service === 'gateway' ? 'gateway' : `subgraphs/${service}`
  const files = ['kit', folder]
    .flatMap((room) => [...new Bun.Glob(`${room}/**/*.ts`).scanSync({ cwd: root })])
    .filter((file) => !/test/.test(file))
  const texts = files.map((file) => Bun.file(join(root, file)).text())
  return (await Promise.all(texts)).join('\n')
}

test.each(cases)('%s: %s is given no variable that nothing reads', async (_, service, cluster) => {
  const sources = await sourcesOf(service)
  const unread = Object.keys(environmentOf(cluster, service)).filter(
    (name) => !new RegExp(`\\b${name}\\b`).test(sources),
  )
  expect(unread.filter((name) => !elsewhere.has(name))).toEqual([])
})

test('[FC-34] the gateway is told where PostgreSQL and Keycloak are, by names of the cluster and of the world', () => {
  const [, cluster] = clusters[0] ?? []
  if (!cluster) throw new Error('there is a profile')
  const given = environmentOf(cluster, 'gateway')
  expect(new URL(given.DATABASE_URL ?? '').hostname).toBe('postgres.data.svc.cluster.local')
  expect(new URL(given.DATABASE_URL ?? '').searchParams.get('sslmode')).toBe('verify-full')
  expect(given.OIDC_ISSUER).toBe('https://login.plexus.example/realms/plexus')
})
