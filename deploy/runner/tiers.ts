import { notRun as notRunOnApi } from '../api/not-run.ts'
import { notRunOnCluster } from '../cluster/not-run.ts'
import { toolsNotRun } from '../tools/not-run.ts'
import { ofTheCheck } from '../tools/table.ts'
import type { NotRun } from './not-run.ts'

/** What one command runs, and where it reports. */
export type Tier = {
  /** Null for what is run without one. */
  readonly flag: string | null
  /** `deploy/reports/<report>.xml` and `.md`. */
  readonly report: string
  readonly files: string
  /** What the tests run beside. */
  readonly beside: readonly string[]
  /** Built first, when they are missing. */
  readonly tools: readonly string[]
  /** Of other programs that it ran: how each tells its version. */
  readonly programs: readonly (readonly string[])[]
  readonly notRun: readonly NotRun[]
  readonly timeoutMs: number
}

const kubernetes = ['kube-apiserver', 'kubectl', 'etcd']
const node = ['kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy']

export const tiers: readonly Tier[] = [
  {
    flag: null,
    report: 'tools',
    files: 'deploy/test/**/*.test.ts',
    beside: [],
    tools: ofTheCheck.filter((name) => name !== 'schemas'),
    programs: [],
    notRun: toolsNotRun,
    timeoutMs: 120_000,
  },
  {
    flag: '--api',
    report: 'api',
    files: 'deploy/api/*.suite.ts',
    beside: ['deploy/api.ts', '--'],
    tools: [...kubernetes, 'kube-score', 'checkov', 'controller-gen'],
    programs: [['openssl', 'version']],
    notRun: notRunOnApi,
    timeoutMs: 300_000,
  },
  {
    flag: '--cluster',
    report: 'cluster',
    files: 'deploy/cluster/*.suite.ts',
    beside: ['deploy/cluster.ts', '--'],
    tools: [...kubernetes, ...node, 'coredns', 'traefik', 'pebble', 'pebble-challtestsrv'],
    programs: [
      ['containerd', '--version'],
      ['runc', '--version'],
      ['java', '-version'],
    ],
    notRun: notRunOnCluster,
    timeoutMs: 900_000,
  },
]

/** Throws for a flag that nobody knows. */
export function tierOf(args: readonly string[]): Tier {
  const [flag = null, ...more] = args
  const found = tiers.find((tier) => tier.flag === flag)
  if (found && more.length === 0) return found
  throw new Error(
    `bun run deploy:test [${tiers.flatMap(({ flag: own }) => own ?? []).join(' | ')}]`,
  )
}
