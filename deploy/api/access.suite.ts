import { beforeAll, describe, expect, test } from 'bun:test'
import { at, type JsonRecord, textOf } from '../render/json.ts'
import { kindOf, nameOf, namespaceOf, titleOf } from '../render/resource.ts'
import { type Api, accepted } from './client.ts'
import { everyObject, ground } from './ground.ts'
import { podsOf } from './pods.ts'

let api: Api
beforeAll(async () => {
  api = await ground()
}, 120_000)

const account = (room: string, name: string) => `system:serviceaccount:${room}:${name}`

type Asked = {
  readonly verb: string
  readonly resource: string
  readonly group?: string
  readonly room?: string
  /** Of one object; of any when it is not said. */
  readonly name?: string
}

/** What `kubectl auth can-i` asks; every namespace when none is named. */
async function mayDo(user: string, { verb, resource, group = '', room = '', name = '' }: Asked) {
  const [kind = '', subresource = ''] = resource.split('/')
  const [, of = '', who = ''] = /^system:serviceaccount:([^:]+):(.+)$/.exec(user) ?? []
  const review: JsonRecord = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      user,
      groups: who
        ? ['system:serviceaccounts', `system:serviceaccounts:${of}`, 'system:authenticated']
        : ['system:authenticated'],
      resourceAttributes: { verb, resource: kind, subresource, group, namespace: room, name },
    },
  }
  const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews'
  const body = accepted(await api.ask(path, { method: 'POST', body: review }))
  return at(body, 'status.allowed') === true
}

const rooms = ['edge', 'auth', 'data', 'app', 'ops']
const deployer = account('app', 'deployer')
const traefik = account('edge', 'traefik')
const prometheus = account('ops', 'prometheus')
const states = account('ops', 'kube-state-metrics')
const drill = account('data', 'drill')
const cnpg = 'postgresql.cnpg.io'
const rbac = 'rbac.authorization.k8s.io'

/** Who asks, for what, and whether it may. */
const table: readonly (readonly [string, Asked, boolean])[] = [
  ...rooms.flatMap((room): [string, Asked, boolean][] => [
    [deployer, { verb: 'patch', resource: 'deployments', group: 'apps', room }, true],
    [deployer, { verb: 'create', resource: 'secrets', room }, true],
    [deployer, { verb: 'get', resource: 'pods/log', room }, true],
    [deployer, { verb: 'create', resource: 'pods', room }, false],
    [deployer, { verb: 'create', resource: 'pods/exec', room }, false],
    [deployer, { verb: 'create', resource: 'roles', group: rbac, room }, false],
    [deployer, { verb: 'bind', resource: 'clusterroles', group: rbac, room }, false],
    [deployer, { verb: 'impersonate', resource: 'serviceaccounts', room }, false],
    [deployer, { verb: 'create', resource: 'serviceaccounts/token', room }, false],
  ]),
  ...['kube-system', 'flux-system', 'default'].flatMap((room): [string, Asked, boolean][] => [
    [deployer, { verb: 'get', resource: 'secrets', room }, false],
    [deployer, { verb: 'patch', resource: 'deployments', group: 'apps', room }, false],
  ]),
  [deployer, { verb: 'create', resource: 'clusterroles', group: rbac }, false],
  [deployer, { verb: 'create', resource: 'namespaces' }, false],
  [deployer, { verb: 'get', resource: 'nodes' }, false],
  [
    deployer,
    {
      verb: 'delete',
      resource: 'validatingadmissionpolicies',
      group: 'admissionregistration.k8s.io',
    },
    false,
  ],
  ...['edge', 'auth', 'app', 'ops'].flatMap((room): [string, Asked, boolean][] => [
    [traefik, { verb: 'list', resource: 'ingressroutes', group: 'traefik.io', room }, true],
    [traefik, { verb: 'watch', resource: 'endpointslices', group: 'discovery.k8s.io', room }, true],
    [traefik, { verb: 'update', resource: 'ingressroutes', group: 'traefik.io', room }, false],
    [traefik, { verb: 'create', resource: 'secrets', room }, false],
    [traefik, { verb: 'list', resource: 'pods', room }, false],
  ]),
  [traefik, { verb: 'get', resource: 'secrets', room: 'data' }, false],
  [traefik, { verb: 'list', resource: 'services', room: 'data' }, false],
  [traefik, { verb: 'get', resource: 'secrets', room: 'kube-system' }, false],
  [traefik, { verb: 'list', resource: 'secrets' }, false],
  [prometheus, { verb: 'list', resource: 'pods' }, true],
  [prometheus, { verb: 'get', resource: 'nodes/metrics' }, true],
  [prometheus, { verb: 'list', resource: 'secrets' }, false],
  [prometheus, { verb: 'list', resource: 'configmaps' }, false],
  [prometheus, { verb: 'delete', resource: 'pods' }, false],
  [drill, { verb: 'create', resource: 'clusters', group: cnpg, room: 'data' }, true],
  ...[
    ['postgres-drill', true],
    ['postgres', false],
  ].map(([name, allowed]): [string, Asked, boolean] => [
    drill,
    { verb: 'delete', resource: 'clusters', group: cnpg, room: 'data', name: String(name) },
    allowed === true,
  ]),
  [drill, { verb: 'list', resource: 'clusters', group: cnpg, room: 'data' }, false],
  [drill, { verb: 'create', resource: 'clusters', group: cnpg, room: 'app' }, false],
  [drill, { verb: 'get', resource: 'secrets', room: 'data' }, false],
  [states, { verb: 'list', resource: 'deployments', group: 'apps' }, true],
  [states, { verb: 'list', resource: 'secrets' }, false],
  [states, { verb: 'patch', resource: 'deployments', group: 'apps' }, false],
]

describe('roles', () => {
  test.each(table)('%s asks for %j: %p', async (user, asked, allowed) => {
    expect(await mayDo(user, asked)).toBe(allowed)
  })

  test('what a role allows is done, and what it does not is refused, by real requests', async () => {
    const at403 = await api.ask('/apis/apps/v1/namespaces/kube-system/deployments', {
      as: deployer,
    })
    const at200 = await api.ask('/apis/apps/v1/namespaces/app/deployments', { as: deployer })
    expect([at403.status, at200.status]).toEqual([403, 200])
    expect(at403.says).toContain('forbidden')
    const secrets = await api.ask('/api/v1/namespaces/data/secrets', { as: traefik })
    const own = await api.ask('/api/v1/namespaces/edge/secrets', { as: traefik })
    expect([secrets.status, own.status]).toEqual([403, 200])
  })
})

/** Accounts that may ask the API server for anything at all, each with its reason. */
const speakers: Readonly<Record<string, string>> = {
  [deployer]: 'applies what Git says in our namespaces',
  [traefik]: 'reads routes, and the Services that they lead to',
  [prometheus]: 'finds pods and nodes',
  [states]: 'counts what there is',
  [drill]: 'recovers a cluster of PostgreSQL under another name, and removes it',
}

const probes: readonly Asked[] = [
  ...['get', 'list', 'create', 'delete'].flatMap((verb) =>
    ['secrets', 'configmaps', 'pods', 'services', 'pods/exec', 'serviceaccounts/token'].map(
      (resource) => ({ verb, resource }),
    ),
  ),
  { verb: 'list', resource: 'nodes' },
  { verb: 'create', resource: 'deployments', group: 'apps' },
  { verb: 'create', resource: 'clusterrolebindings', group: rbac },
  { verb: 'impersonate', resource: 'users' },
]

const accounts = () =>
  everyObject()
    .filter((manifest) => kindOf(manifest) === 'ServiceAccount')
    .map((own) => account(namespaceOf(own), nameOf(own)))

test('[KG-23] no account of ours may do anything to the cluster, and only those with a reason may ask it anything', async () => {
  const silent = accounts().filter((user) => !(user in speakers))
  expect(silent.length).toBeGreaterThan(5)
  for (const user of [...silent, ...rooms.map((room) => account(room, 'default'))]) {
    for (const asked of probes) {
      for (const room of ['', ...rooms, 'kube-system']) {
        const allowed = await mayDo(user, { ...asked, room })
        if (allowed) expect({ user, asked, room }).toBeNull()
      }
    }
  }
  for (const user of Object.keys(speakers)) {
    const writes = probes.filter(({ verb }) => verb !== 'get' && verb !== 'list')
    const allowed = await Promise.all(writes.map((asked) => mayDo(user, asked)))
    expect({ user, allowed: allowed.filter(Boolean) }).toEqual({ user, allowed: [] })
  }
}, 120_000)

test('negative control: an account that is bound to a role of the cluster is found out', async () => {
  const path = `/apis/${rbac}/v1/clusterrolebindings`
  const binding: JsonRecord = {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'tried' },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name: 'gateway', namespace: 'app' }],
  }
  const gateway = account('app', 'gateway')
  const asked = { verb: 'list', resource: 'secrets' }
  expect(await mayDo(gateway, asked)).toBe(false)
  accepted(await api.create(binding))
  try {
    expect(await mayDo(gateway, asked)).toBe(true)
  } finally {
    accepted(await api.ask(`${path}/tried`, { method: 'DELETE' }))
  }
})

/** The server gives a pod the token of its account, unless pod or account say no. */
test('[MP-81] only pods that have something to ask the API server hold a token for it', async () => {
  const pods = podsOf(everyObject())
  const holders: string[] = []
  for (const pod of pods) {
    const made = accepted(await api.create(pod, { dry: true }))
    if (JSON.stringify(at(made, 'spec.volumes') ?? []).includes('serviceAccountToken'))
      holders.push(account(namespaceOf(pod), textOf(at(made, 'spec.serviceAccountName'))))
    expect(titleOf(pod)).not.toBe('')
  }
  expect(pods.length).toBeGreaterThan(10)
  expect(holders.filter((holder) => !(holder in speakers))).toEqual([])
})
