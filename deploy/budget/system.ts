import type { Profile } from '../render/overlay.ts'

export type BudgetRow = { readonly part: string; readonly mib: number }

/** What a node may be asked for, of 4 and of 8 GB. */
export const mostMib: Readonly<Record<Profile, number>> = {
  'single-4g': 3_500,
  'full-8g': 7_000,
}

/**
 * What is on the node beside our pods. Source: k3s' own resource profile (a server with its workload: 1,596 MiB), and
 * what the parts of Kubernetes took on one machine (1,235 MiB). Traefik is a pod of ours.
 */
export const systemRows: Readonly<Record<Profile, readonly BudgetRow[]>> = {
  'single-4g': [
    { part: 'operating system, sshd, fail2ban', mib: 250 },
    { part: 'k3s', mib: 1_300 },
    { part: 'CoreDNS, local-path, metrics-server', mib: 70 },
    { part: 'Flux: source, kustomize', mib: 100 },
  ],
  'full-8g': [
    { part: 'operating system, sshd, fail2ban', mib: 250 },
    { part: 'k3s, with the objects of the operators', mib: 1_600 },
    { part: 'CoreDNS, local-path, metrics-server', mib: 70 },
    { part: 'cert-manager', mib: 110 },
    { part: 'Flux: source, kustomize, image reflector and automation', mib: 180 },
  ],
}
