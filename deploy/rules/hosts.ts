import type { Cluster } from '../model/cluster.ts'
import { at, type JsonRecord, recordsOf, textOf } from '../render/json.ts'
import { presetSettings } from '../render/overlay.ts'
import { kindOf, type Manifest, nameOf, namespaceOf, titleOf } from '../render/resource.ts'
import type { Rule } from './rule.ts'

/** Every name below the apex that the world may ask for. */
export const hostNames = ['', 'www', 'api', 'login', 'adminer', 'uptimekuma', 'status'] as const

/** Of `components/demo` alone: what a server without a domain is known by. */
const demoNames = ['openfaas', 'proxy'] as const

const apex = presetSettings().DOMAIN ?? ''

const hosts = [...hostNames, ...demoNames].map((name) => (name ? `${name}.${apex}` : apex))

const routesIn = (cluster: Cluster) =>
  cluster
    .of('IngressRoute')
    .flatMap((manifest) =>
      recordsOf(at(manifest, 'spec.routes')).map((route) => ({ manifest, route })),
    )

/** Hosts that a rule of Traefik's names: Host(`a`) || Host(`b`). */
export const hostsOf = (route: JsonRecord): string[] =>
  [...textOf(route.match).matchAll(/Host\(([^)]*)\)/g)].flatMap(([, inside = '']) =>
    [...inside.matchAll(/`([^`]*)`/g)].map(([, host = '']) => host),
  )

/** What an Ingress says, in the words of a route. */
const ingressRoutes = (cluster: Cluster) =>
  cluster.of('Ingress').flatMap((manifest) =>
    recordsOf(at(manifest, 'spec.rules')).flatMap((rule) =>
      recordsOf(at(rule, 'http.paths')).map((path) => ({
        manifest,
        host: textOf(rule.host),
        service: {
          name: at(path, 'backend.service.name') ?? '',
          port:
            at(path, 'backend.service.port.name') ?? at(path, 'backend.service.port.number') ?? '',
        },
      })),
    ),
  )

const isThere = (cluster: Cluster, kind: string, namespace: string, name: string) =>
  cluster.of(kind).some((value) => nameOf(value) === name && namespaceOf(value) === namespace)

function serviceFault(cluster: Cluster, manifest: Manifest, wanted: JsonRecord): string | null {
  if (wanted.kind === 'TraefikService') return null
  const namespace = textOf(wanted.namespace) || namespaceOf(manifest)
  const service = cluster
    .of('Service')
    .find((value) => nameOf(value) === wanted.name && namespaceOf(value) === namespace)
  if (!service) return `there is no Service ${namespace}/${textOf(wanted.name)}`
  const hasPort = recordsOf(at(service, 'spec.ports')).some(
    ({ name, port }) => wanted.port === name || wanted.port === port,
  )
  return hasPort ? null : `Service ${nameOf(service)} has no port ${String(wanted.port)}`
}

const middlewaresOf = (manifest: Manifest, route: JsonRecord) =>
  recordsOf(route.middlewares).map(({ name, namespace }) => ({
    name: textOf(name),
    namespace: textOf(namespace) || namespaceOf(manifest),
  }))

/** Programs that only administrators may see. */
const behindSignIn = ['adminer', 'uptime-kuma', 'grafana', 'prometheus', 'alertmanager']

export const hostRules: readonly Rule[] = [
  {
    name: 'host-known',
    promise: 'Only the hosts of the list are served.',
    faultsIn: (cluster) =>
      [
        ...routesIn(cluster).flatMap(({ manifest, route }) =>
          hostsOf(route).map((host) => ({ manifest, host })),
        ),
        ...ingressRoutes(cluster),
      ]
        .filter(({ host }) => !hosts.includes(host))
        .map(({ manifest, host }) => `${titleOf(manifest)}: ${host} is no host of ours`),
  },
  {
    name: 'host-once',
    promise: 'One route answers for a host and a path.',
    faultsIn: (cluster) => {
      const matches = routesIn(cluster).map(({ route }) => textOf(route.match))
      const twice = matches.filter((match, index) => matches.indexOf(match) !== index)
      return twice.map((match) => `${match}: two routes`)
    },
  },
  {
    name: 'route-leads',
    promise: 'Every route leads to a Service, through middlewares that are there.',
    faultsIn: (cluster) => {
      const routes = routesIn(cluster)
      const services = [
        ...routes.flatMap(({ manifest, route }) =>
          recordsOf(route.services).map((service) => ({ manifest, service })),
        ),
        ...ingressRoutes(cluster),
      ].map(({ manifest, service }) => ({
        manifest,
        fault: serviceFault(cluster, manifest, service),
      }))
      const middlewares = routes.flatMap(({ manifest, route }) =>
        middlewaresOf(manifest, route)
          .filter(({ name, namespace }) => !isThere(cluster, 'Middleware', namespace, name))
          .map(({ name, namespace }) => ({
            manifest,
            fault: `there is no Middleware ${namespace}/${name}`,
          })),
      )
      return [...services, ...middlewares]
        .filter(({ fault }) => fault !== null)
        .map(({ manifest, fault }) => `${titleOf(manifest)}: ${fault}`)
    },
  },
  {
    name: 'route-guarded',
    promise: 'Tools of administrators are behind their sign-in.',
    faultsIn: (cluster) =>
      routesIn(cluster)
        .filter(({ route }) =>
          recordsOf(route.services).some(({ name }) => behindSignIn.includes(textOf(name))),
        )
        .filter(
          ({ manifest, route }) =>
            !middlewaresOf(manifest, route).some(({ name }) => name === 'admins'),
        )
        .map(({ manifest }) => `${titleOf(manifest)}: is open to everybody`),
  },
  {
    name: 'one-ingress',
    promise: 'The edge is spoken to in one way; whatever stands before Traefik leads to Traefik.',
    faultsIn: (cluster) => {
      const beside = ingressRoutes(cluster).filter(({ service }) => service.name !== 'traefik')
      return routesIn(cluster).length > 0
        ? beside.map(({ manifest }) => `${titleOf(manifest)}: stands beside routes of Traefik`)
        : []
    },
  },
  {
    name: 'tls-modern',
    promise: 'No client speaks less than TLS 1.2.',
    faultsIn: (cluster) =>
      cluster.manifests
        .filter((value) => kindOf(value) === 'TLSOption')
        .filter((value) => !/^VersionTLS1[23]$/.test(textOf(at(value, 'spec.minVersion'))))
        .map((value) => `${titleOf(value)}: allows less than TLS 1.2`),
  },
]
