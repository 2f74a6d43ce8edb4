import type { NotRun } from '../runner/not-run.ts'

/** What a cluster that is made here cannot show. */
export const notRunOnCluster: readonly NotRun[] = [
  {
    step: 'NetworkPolicies are enforced',
    why: 'no controller for them can be had from a package registry; deploy/test evaluates them, a real k3s enforces them',
  },
  {
    step: 'HorizontalPodAutoscalers scale',
    why: 'metrics-server, which k3s brings, is not built here; the objects are there and the replicas are within their bounds',
  },
  {
    step: 'the published images of PostgreSQL, Keycloak and Traefik',
    why: 'no registry can be reached: stand-ins are made of the embedded PostgreSQL 18, Keycloak 26 from Maven on Java 17, and Traefik from its Go module',
  },
  {
    step: 'Uptime Kuma, Adminer and the mail relay run',
    why: 'no registry, and no stand-in is made: they are scaled to nothing here',
  },
  {
    step: 'WAL is archived and restored in the cluster',
    why: 'pgBackRest of Debian 12 does not know PostgreSQL 18: `bun run drill restore` proves it beside the cluster',
  },
  {
    step: 'the profile full-8g runs',
    why: 'CloudNativePG, cert-manager and Strimzi are images of a registry; its objects pass the server-side dry-run of tier 1',
  },
  {
    step: 'QoS classes in control groups, eviction',
    why: 'this kernel has control groups of version 1 and no right to raise priorities; limits of memory and CPU do hold',
  },
  {
    step: 'a TLS load balancer in front of the node',
    why: 'k3s has klipper-lb; clients reach the Service of Traefik by its address here',
  },
]
