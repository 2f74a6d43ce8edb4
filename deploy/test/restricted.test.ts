import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { clusterFrom } from '../model/cluster.ts'
import { objectsIn } from '../render/documents.ts'
import { type JsonRecord, recordIn, recordsOf } from '../render/json.ts'
import { brokenIn } from '../rules/table.ts'

const path = join(import.meta.dir, 'invalid/valid.yaml')
const valid = () => objectsIn(readFileSync(path, 'utf8'), path)

type Change = (pod: JsonRecord, container: JsonRecord) => void

/** What Pod Security would say of the room that breaks no rule, after this change of its pod. */
function faultsAfter(change: Change): readonly string[] {
  const objects = valid()
  for (const deployment of objects.filter(({ kind }) => kind === 'Deployment')) {
    const pod = recordIn(recordIn(recordIn(deployment, 'spec'), 'template'), 'spec')
    for (const container of recordsOf(pod.containers)) change(pod, container)
  }
  return brokenIn(clusterFrom(objects)).get('restricted') ?? []
}

const security = (container: JsonRecord) => recordIn(container, 'securityContext')
const ofPod = (pod: JsonRecord) => recordIn(pod, 'securityContext')

const changes: readonly (readonly [why: string, change: Change])[] = [
  ['may run as root', (pod) => delete ofPod(pod).runAsNonRoot],
  [
    'may run as root',
    (_, container) => Object.assign(security(container), { runAsNonRoot: false }),
  ],
  ['runs as root', (pod) => Object.assign(ofPod(pod), { runAsUser: 0 })],
  ['may gain privileges', (_, container) => delete security(container).allowPrivilegeEscalation],
  ['is privileged', (_, container) => Object.assign(security(container), { privileged: true })],
  ['keeps capabilities', (_, container) => delete security(container).capabilities],
  [
    'adds capabilities',
    (_, container) =>
      Object.assign(recordIn(security(container), 'capabilities'), { add: ['NET_ADMIN'] }),
  ],
  ['has no seccomp profile', (pod) => delete ofPod(pod).seccompProfile],
  [
    'has no seccomp profile',
    (pod) => Object.assign(ofPod(pod), { seccompProfile: { type: 'Unconfined' } }),
  ],
  [
    'takes a port of the node',
    (_, container) =>
      recordsOf(container.ports).map((port) => Object.assign(port, { hostPort: 80 })),
  ],
  ['shares a namespace of the node', (pod) => Object.assign(pod, { hostNetwork: true })],
  ['shares a namespace of the node', (pod) => Object.assign(pod, { hostPID: true })],
  [
    'mounts what a restricted pod may not',
    (pod) => Object.assign(pod, { volumes: [{ name: 'node', hostPath: { path: '/' } }] }),
  ],
  [
    'sets kernel parameters',
    (pod) => Object.assign(ofPod(pod), { sysctls: [{ name: 'kernel.msgmax', value: '1' }] }),
  ],
]

test.each(changes)('a pod that %s is refused for that', (why, change) => {
  expect(faultsAfter(change)).toEqual([`Deployment app/users container users: ${why}`])
})

test('a container that runs before the others is judged as they are', () => {
  const before = (pod: JsonRecord) =>
    Object.assign(pod, { initContainers: [{ name: 'before', image: 'docker.io/library/a:1.0' }] })
  expect(faultsAfter(before)).toEqual([
    'Deployment app/users container before: may gain privileges',
    'Deployment app/users container before: keeps capabilities',
  ])
})

test('NET_BIND_SERVICE is the one capability that may be added', () => {
  const add = (_: JsonRecord, container: JsonRecord) =>
    Object.assign(recordIn(security(container), 'capabilities'), { add: ['NET_BIND_SERVICE'] })
  expect(faultsAfter(add)).toEqual([])
})
