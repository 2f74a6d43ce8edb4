import { everyAt, isRecord, type JsonRecord, recordsOf } from './json.ts'
import { isClusterScoped, kindOf, nameOf, namespaceOf, type Resource } from './resource.ts'

const podOf: Readonly<Record<string, string>> = {
  Pod: 'spec',
  PodTemplate: 'template spec',
  Deployment: 'spec template spec',
  ReplicaSet: 'spec template spec',
  DaemonSet: 'spec template spec',
  StatefulSet: 'spec template spec',
  Job: 'spec template spec',
  CronJob: 'spec jobTemplate spec template spec',
}

/** Where a pod names what may carry a hash: the record that holds the name, and the field in it. */
const podReferences: Readonly<Record<string, readonly (readonly [path: string, field: string])[]>> =
  {
    ConfigMap: [
      ['volumes configMap', 'name'],
      ['volumes projected sources configMap', 'name'],
      ['containers env valueFrom configMapKeyRef', 'name'],
      ['initContainers env valueFrom configMapKeyRef', 'name'],
      ['containers envFrom configMapRef', 'name'],
      ['initContainers envFrom configMapRef', 'name'],
    ],
    Secret: [
      ['volumes secret', 'secretName'],
      ['volumes projected sources secret', 'name'],
      ['containers env valueFrom secretKeyRef', 'name'],
      ['initContainers env valueFrom secretKeyRef', 'name'],
      ['containers envFrom secretRef', 'name'],
      ['initContainers envFrom secretRef', 'name'],
      ['imagePullSecrets', 'name'],
    ],
  }

const otherReferences: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'Secret Ingress': [['spec tls', 'secretName']],
  'Secret ServiceAccount': [['imagePullSecrets', 'name']],
}

function placesOf({ value }: Resource, kind: string): (readonly [JsonRecord, string])[] {
  const pod = podOf[kindOf(value)]
  const inPod = pod === undefined ? [] : (podReferences[kind] ?? [])
  const found = [
    ...inPod.map(([path, field]) => [`${pod} ${path}`, field] as const),
    ...(otherReferences[`${kind} ${kindOf(value)}`] ?? []),
  ]
  return found.flatMap(([path, field]) =>
    everyAt(value, path.split(' ')).map((record) => [record, field] as const),
  )
}

const isNear = (referrer: Resource, target: Resource) =>
  isClusterScoped(referrer.value) ||
  (namespaceOf(referrer.value) || 'default') === (namespaceOf(target.value) || 'default')

function renameResourceNames(referrer: Resource, target: Resource): void {
  if (!/^(Cluster)?Role$/.test(kindOf(referrer.value))) return
  for (const rule of recordsOf(referrer.value.rules))
    if (Array.isArray(rule.resourceNames))
      rule.resourceNames = rule.resourceNames.map((name) =>
        name === target.original.name ? nameOf(target.value) : name,
      )
}

/** Whoever names a generated object by what it was called follows it to the name with the hash. */
export function followHashes(all: readonly Resource[]): void {
  for (const target of all.filter(({ hasHash }) => hasHash)) {
    const kind = kindOf(target.value)
    for (const referrer of all.filter((one) => isNear(one, target))) {
      for (const [record, field] of placesOf(referrer, kind))
        if (record[field] === target.original.name) record[field] = nameOf(target.value)
      renameResourceNames(referrer, target)
    }
  }
}

/** A binding's subject follows its service account into the namespace that it was given. */
export function followAccounts(all: readonly Resource[]): void {
  const accounts = all.filter(
    ({ value, isFollowed }) => kindOf(value) === 'ServiceAccount' && isFollowed,
  )
  const bindings = all.filter(({ value }) => /^(Cluster)?RoleBinding$/.test(kindOf(value)))
  for (const subject of bindings.flatMap(({ value }) => recordsOf(value.subjects))) {
    const named = accounts.filter(({ original }) => original.name === subject.name)
    const found =
      subject.namespace === undefined
        ? named
        : named.filter(({ original, value }) =>
            [original.namespace || 'default', namespaceOf(value)].includes(
              String(subject.namespace),
            ),
          )
    const [account] = found
    const namespace = account && namespaceOf(account.value)
    if (found.length === 1 && isRecord(subject) && namespace) subject.namespace = namespace
  }
}
