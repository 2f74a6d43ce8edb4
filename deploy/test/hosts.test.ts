import { expect, test } from 'bun:test'
import type { Cluster } from '../model/cluster.ts'
import { at, listOf, recordsOf, textOf } from '../render/json.ts'
import { namespaceOf } from '../render/resource.ts'
import { hostNames, hostsOf } from '../rules/hosts.ts'
import { clusters, containerAt, objectAt, withComponents, workloadAt } from './overlay-cluster.ts'

const apex = 'plexus.example'

/** Where a route leads: the number that the Service of its name gives the port. */
function portOf(cluster: Cluster, namespace: string, wanted: { name: string; port: unknown }) {
  const service = objectAt(cluster, 'Service', `${namespace}/${wanted.name}`)
  const ports = recordsOf(at(service, 'spec.ports'))
  return ports.find(({ name, port }) => wanted.port === name || wanted.port === port)?.port
}

/** Every place to which the world's requests for a host are led: `app/gateway:3000 via to-apex`. */
function targetsOf(cluster: Cluster, host: string): string[] {
  return cluster.of('IngressRoute').flatMap((manifest) => {
    if (!listOf(at(manifest, 'spec.entryPoints')).includes('websecure')) return []
    const routes = recordsOf(at(manifest, 'spec.routes')).filter((route) =>
      hostsOf(route).includes(host),
    )
    return routes.flatMap((route) => {
      const via = recordsOf(route.middlewares).map(({ name }) => ` via ${textOf(name)}`)
      const namespace = namespaceOf(manifest)
      return recordsOf(route.services).map((service) => {
        const name = textOf(service.name)
        return `${namespace}/${name}:${portOf(cluster, namespace, { name, port: service.port })}${via.join('')}`
      })
    })
  })
}

const argumentsOf = (cluster: Cluster) =>
  listOf(containerAt(cluster, 'edge/traefik').value.args).map(String)

test.each(clusters)('[FC-02] %s: the apex and www lead to the web', (_, cluster) => {
  expect(targetsOf(cluster, apex)).toEqual(['app/gateway:3000'])
  expect(targetsOf(cluster, `www.${apex}`)).toEqual(['app/gateway:3000 via to-apex'])
  const service = objectAt(cluster, 'Service', 'edge/traefik')
  const web = recordsOf(at(service, 'spec.ports')).map(({ name, port }) => `${name} ${port}`)
  expect(web).toEqual(['web 80', 'websecure 443'])
})

test.each(clusters)('[FC-03] %s: api leads to the API on 3000', (_, cluster) => {
  expect(targetsOf(cluster, `api.${apex}`)).toEqual(['app/gateway:3000'])
})

test.each(clusters)('[FC-04] %s: login leads to Keycloak on 8080', (_, cluster) => {
  expect(targetsOf(cluster, `login.${apex}`)).toEqual(['auth/keycloak:8080'])
})

test.each(clusters)(
  '%s: the tools of administrators have hosts, TLS and a sign-in before them',
  (_, cluster) => {
    expect(targetsOf(cluster, `adminer.${apex}`)).toEqual(['ops/adminer:8080 via admins'])
    expect(targetsOf(cluster, `uptimekuma.${apex}`)).toEqual(['ops/uptime-kuma:3001 via admins'])
    const admins = objectAt(cluster, 'Middleware', 'ops/admins')
    expect(at(admins, 'spec.forwardAuth.address')).toBeString()
  },
)

test.each(clusters)('%s: every host of the list is served by TLS', (_, cluster) => {
  const served = hostNames.map((name) => targetsOf(cluster, name ? `${name}.${apex}` : apex).length)
  expect(served).toEqual(hostNames.map(() => 1))
  expect(argumentsOf(cluster)).toContain('--entryPoints.websecure.http.tls=true')
})

test.each(clusters)('[FC-07] %s: plain HTTP is answered with a way to TLS only', (_, cluster) => {
  const args = argumentsOf(cluster)
  const before = '--entryPoints.web.http.redirections.entryPoint.'
  expect(args.filter((arg) => arg.startsWith(before)).sort()).toEqual([
    `${before}permanent=true`,
    `${before}scheme=https`,
    `${before}to=:443`,
  ])
  const routes = cluster.of('IngressRoute')
  const plain = routes.filter((route) => listOf(at(route, 'spec.entryPoints')).includes('web'))
  expect(plain).toEqual([])
  expect(routes.every((route) => listOf(at(route, 'spec.entryPoints')).length > 0)).toBe(true)
})

test.each(clusters)(
  '[KG-09] %s: Traefik sends 80 to 443, speaks TLS 1.2 at the least and shows no dashboard',
  (_, cluster) => {
    const args = argumentsOf(cluster)
    expect(args).toContain('--entryPoints.web.http.redirections.entryPoint.scheme=https')
    const options = objectAt(cluster, 'TLSOption', 'edge/default')
    expect(at(options, 'spec.minVersion')).toBe('VersionTLS12')
    expect(args.filter((arg) => /dashboard|api\.insecure|--api/i.test(arg))).toEqual([])
    expect(containerAt(cluster, 'edge/traefik').ports.map(({ port }) => port)).not.toContain(8080)
  },
)

test.each(clusters)(
  '[FC-10] [MS-21] %s: one Service is open to the world, on 80 and 443, and TLS ends there',
  (_, cluster) => {
    const open = cluster.of('Service').filter((value) => at(value, 'spec.type') !== undefined)
    expect(open.map((value) => `${namespaceOf(value)}/${at(value, 'metadata.name')}`)).toEqual([
      'edge/traefik',
    ])
    expect(at(objectAt(cluster, 'Service', 'edge/traefik'), 'spec.type')).toBe('LoadBalancer')
    const secured = recordsOf(at(objectAt(cluster, 'Service', 'edge/traefik'), 'spec.ports'))
    expect(secured.map(({ targetPort }) => targetPort)).toEqual(['web', 'websecure'])
  },
)

test('[FC-08] [MS-18] every host has a certificate that is asked for, and renewed, by itself', () => {
  const [, full] = clusters[1] ?? []
  const [, single] = clusters[0] ?? []
  if (!full || !single) throw new Error('there are two profiles')
  const names = hostNames.map((name) => (name ? `${name}.${apex}` : apex))
  const certificate = objectAt(full, 'Certificate', 'edge/plexus')
  expect(listOf(at(certificate, 'spec.dnsNames')).map(String).sort()).toEqual(names.sort())
  expect(at(certificate, 'spec.issuerRef.name')).toBe('letsencrypt-prod')
  const issuers = full.of('ClusterIssuer').map((value) => at(value, 'spec.acme.server'))
  expect(issuers).toContain('https://acme-v02.api.letsencrypt.org/directory')
  expect(argumentsOf(single)).toContain('--entryPoints.websecure.http.tls.certResolver=letsencrypt')
})

test.each(clusters)(
  '[MS-19] [MS-20] %s: a server without a domain is found by two names of nip.io',
  async (profile) => {
    const cluster = await withComponents(profile, ['demo'])
    expect(targetsOf(cluster, `openfaas.${apex}`)).toEqual(['app/gateway:3000'])
    expect(targetsOf(cluster, `proxy.${apex}`)).toEqual(['app/gateway:3000 via to-apex'])
    expect(argumentsOf(cluster)).toContain('--entryPoints.websecure.http.tls=true')
  },
)

test.each(clusters)(
  '[FC-05] %s: adminer leads to Adminer on 8080, which is there once when it is wanted',
  async (profile, cluster) => {
    expect(workloadAt(cluster, 'ops/adminer').replicas).toBe(0)
    const wanted = await withComponents(profile, ['adminer'])
    expect(workloadAt(wanted, 'ops/adminer').replicas).toBe(1)
    expect(targetsOf(wanted, `adminer.${apex}`)).toEqual(['ops/adminer:8080 via admins'])
  },
)

test.each(clusters)(
  '[FC-06] %s: uptimekuma leads to Uptime Kuma on 3001, which is there once',
  (_, cluster) => {
    expect(workloadAt(cluster, 'ops/uptime-kuma').replicas).toBe(1)
    expect(targetsOf(cluster, `uptimekuma.${apex}`)).toEqual(['ops/uptime-kuma:3001 via admins'])
  },
)
