import { describe, expect, test } from 'bun:test'
import { Resolver } from 'node:dns/promises'
import { readdir } from 'node:fs/promises'
import { databaseServices } from '#schema/subgraphs'
import { migrationsOf } from '../../stack/prepare-database.ts'
import { inDatabase } from './database.ts'
import { beginFigures, clusterMissing, figure, here } from './here.ts'
import { apply, isReady, kubectl, pods } from './kubectl.ts'
import { addresses } from './place.ts'
import { eventually, timed } from './poll.ts'
import { addressOf, applyProduct, hosts, manifests, prepareProduct, untilReady } from './product.ts'
import { servedBy } from './tls.ts'

const missing = clusterMissing()

const pinned = /ghcr\.io\/plexus-platform\/[a-z]+@sha256:[0-9a-f]{64}/g

const namesOf = async (...args: readonly string[]) =>
  (await pods(here, ...args)).map(({ metadata }) => metadata.name)

describe.skipIf(missing !== null)(missing ?? 'the whole product on a node of Kubernetes', () => {
  test('one apply brings up the whole product from its images', async () => {
    await beginFigures(new Date())
    await prepareProduct(here)
    const applied = await timed(() => applyProduct(here))
    const certified = timed(() =>
      eventually(async () => (await servedBy()).issuer.includes('Pebble'), {
        ...{ withinMs: 120_000, everyMs: 100, what: 'A certificate of the authority' },
      }),
    )
    const traefik = await timed(() =>
      eventually(
        async () =>
          (await pods(here, '-n', 'edge', '-l', 'app.kubernetes.io/name=traefik')).some(isReady),
        { withinMs: 120_000, what: 'A ready Traefik' },
      ),
    )
    const certificate = await certified
    const ready = await timed(() => untilReady(here, 400_000))
    await figure('apply', `${applied.ms} ms`)
    await figure('from apply to a ready Traefik', `${traefik.ms} ms`)
    await figure('from a ready Traefik to its certificate', `${certificate.ms - traefik.ms} ms`)
    await figure('from apply to everything ready', `${certificate.ms + ready.ms} ms`)
    expect(certificate.ms - traefik.ms).toBeLessThanOrEqual(10_000)
  }, 600_000)

  test('the Job of migrations has brought every schema to its newest migration', async () => {
    for (const service of databaseServices) {
      const files = (await readdir(migrationsOf(service))).filter(
        (name) => name.endsWith('.sql') && !name.endsWith('.down.sql'),
      )
      const ran = await inDatabase(here, `select count(*) from ${service}.migration`)
      expect([service, Number(ran)]).toEqual([service, files.length])
    }
    expect(
      await inDatabase(
        here,
        "select pg_get_userbyid(datdba) from pg_database where datname = 'keycloak'",
      ),
    ).toBe('keycloak')
  }, 60_000)

  test('the database lets nobody in without TLS', async () => {
    const address = await addressOf(here, 'data', 'postgres')
    const said = await kubectl(
      here,
      ...['-n', 'data', 'exec', 'postgres-0', '--', 'psql', '-tAc', 'select 1'],
      `host=${address} user=svc_users dbname=plexus password=x sslmode=disable`,
    ).catch((error: Error) => error.message)
    expect(said).toContain('no pg_hba.conf entry')
  }, 30_000)

  test('[KG-10] CoreDNS knows Services, and our public hosts as the internal entry point', async () => {
    const resolver = new Resolver()
    resolver.setServers([addresses.dns])
    const gateway = await addressOf(here, 'app', 'gateway')
    expect(await resolver.resolve4('gateway.app.svc.cluster.local')).toEqual([gateway])
    const internal = await addressOf(here, 'edge', 'traefik-internal')
    // A node hands a changed ConfigMap on within a minute or so.
    for (const host of hosts) {
      const found = await eventually(() => resolver.resolve4(host), {
        ...{ withinMs: 120_000, everyMs: 1_000, what: `An address of ${host}` },
      })
      expect([host, found]).toEqual([host, [internal]])
    }
  }, 150_000)

  test('the namespaces refuse a pod with rights, and that of the product an image without a digest', async () => {
    const pod = (namespace: string, image: string, securityContext: object) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'intruder', namespace },
      spec: { containers: [{ name: 'intruder', image, securityContext }] },
    })
    const modest = {
      allowPrivilegeEscalation: false,
      runAsNonRoot: true,
      runAsUser: 65_532,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    }
    const unknown = `ghcr.io/plexus-platform/users@sha256:${'0'.repeat(64)}`
    const refusal = (manifest: object) =>
      apply(here, [manifest]).catch((error: Error) => error.message)
    expect(await refusal(pod('app', unknown, { privileged: true }))).toContain('PodSecurity')
    expect(await refusal(pod('app', 'ghcr.io/plexus-platform/users:1', modest))).toContain('digest')
    expect(await refusal(pod('auth', 'keycloak:latest', modest))).toContain('latest')
    expect(await namesOf('-n', 'app')).not.toContain('intruder')
  }, 30_000)

  test('every container of ours runs the very image that was built', async () => {
    const running = await pods(here, '-n', 'app', '--field-selector=status.phase=Running')
    expect(running.length).toBeGreaterThanOrEqual(6)
    const asked = JSON.stringify(await manifests(here)).match(pinned) ?? []
    for (const { status } of running)
      for (const { imageID } of status.containerStatuses) expect(asked).toContain(imageID)
  }, 30_000)
})
