import { beforeAll, describe, expect, test } from 'bun:test'
import type { JsonRecord } from '../render/json.ts'
import type { Manifest } from '../render/resource.ts'
import type { Api } from './client.ts'
import { ground } from './ground.ts'

let api: Api
beforeAll(async () => {
  api = await ground()
}, 120_000)

const rooms = ['edge', 'auth', 'data', 'app', 'ops']
const digest = `sha256:${'0'.repeat(64)}`

type Change = {
  readonly pod?: JsonRecord
  readonly container?: JsonRecord
  readonly security?: JsonRecord
}

/** A pod that keeps every rule, but for what a test changes. */
const podWith = (namespace: string, { pod, container, security }: Change = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'tried', namespace },
  spec: {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'tried',
        image: `example.test/tried@${digest}`,
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          ...security,
        },
        ...container,
      },
    ],
    ...pod,
  },
})

/** What each pod asks for, and the word by which it is refused. */
const attacks: readonly (readonly [string, Change, string])[] = [
  [
    'is privileged',
    { security: { privileged: true, allowPrivilegeEscalation: true } },
    'privileged',
  ],
  [
    'may become more than it is',
    { security: { allowPrivilegeEscalation: true } },
    'allowPrivilegeEscalation',
  ],
  [
    'does not say that it may not',
    { security: { allowPrivilegeEscalation: null } },
    'allowPrivilegeEscalation',
  ],
  ['keeps its capabilities', { security: { capabilities: null } }, 'unrestricted capabilities'],
  [
    'takes a capability',
    { security: { capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } } },
    'NET_ADMIN',
  ],
  ['is root', { security: { runAsUser: 0 } }, 'runAsUser=0'],
  ['may be root', { security: { runAsNonRoot: false } }, 'runAsNonRoot'],
  [
    'calls the kernel as it likes',
    { security: { seccompProfile: { type: 'Unconfined' } } },
    'seccompProfile',
  ],
  ['is in the network of the node', { pod: { hostNetwork: true } }, 'host namespaces'],
  ['sees the processes of the node', { pod: { hostPID: true } }, 'host namespaces'],
  ['shares memory with the node', { pod: { hostIPC: true } }, 'host namespaces'],
  [
    'reads files of the node',
    { pod: { volumes: [{ name: 'root', hostPath: { path: '/' } }] } },
    'hostPath',
  ],
  [
    'takes a port of the node',
    { container: { ports: [{ containerPort: 80, hostPort: 80 }] } },
    'hostPort',
  ],
  [
    'sets a parameter of the kernel',
    {
      pod: {
        securityContext: {
          runAsNonRoot: true,
          seccompProfile: { type: 'RuntimeDefault' },
          sysctls: [{ name: 'kernel.msgmax', value: '1' }],
        },
      },
    },
    'sysctl',
  ],
]

describe.each(rooms)('in the namespace %s', (room) => {
  test('a pod that keeps the rules is taken', async () => {
    const { status, says } = await api.create(podWith(room), { dry: true })
    expect({ status, says: status === 201 ? '' : says }).toEqual({ status: 201, says: '' })
  })

  test.each(attacks)('a pod that %s is refused for that', async (_, change, word) => {
    const { status, says } = await api.create(podWith(room, change), { dry: true })
    expect(status).toBe(403)
    expect(says).toContain('violates PodSecurity "restricted:')
    expect(says).toContain(word)
  })
})

test('negative control: where no label asks for it, the same pods are taken', async () => {
  const answers = await Promise.all(
    attacks.map(([, change]) => api.create(podWith('default', change), { dry: true })),
  )
  expect(answers.map(({ status }) => status)).toEqual(attacks.map(() => 201))
})
