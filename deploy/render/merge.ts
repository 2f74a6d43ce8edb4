import { isRecord, type Json, type JsonRecord } from './json.ts'

/**
 * Lists that a strategic merge joins by key instead of replacing them, by the kind of object that holds
 * them. Source: patchMergeKey and listMapKeys in Kubernetes' OpenAPI, as kustomize 5 carries it (1.21).
 */
const podLists: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  volumes: ['name'],
  imagePullSecrets: ['name'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
}
const containerLists: Readonly<Record<string, readonly string[]>> = {
  env: ['name'],
  ports: ['containerPort', 'protocol'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
}
const containerParents = ['containers', 'initContainers', 'ephemeralContainers']

const podPaths: Readonly<Record<string, string>> = {
  Pod: 'spec',
  PodTemplate: 'template.spec',
  Deployment: 'spec.template.spec',
  ReplicaSet: 'spec.template.spec',
  ReplicationController: 'spec.template.spec',
  StatefulSet: 'spec.template.spec',
  DaemonSet: 'spec.template.spec',
  Job: 'spec.template.spec',
  CronJob: 'spec.jobTemplate.spec.template.spec',
}

const otherLists: Readonly<Record<string, readonly string[]>> = {
  'Service spec.ports': ['port', 'protocol'],
  'ServiceAccount secrets': ['name'],
  'MutatingWebhookConfiguration webhooks': ['name'],
  'ValidatingWebhookConfiguration webhooks': ['name'],
}

/** The keys by which the elements of a list are the same; null for a list that is replaced whole. */
function keysOf(kind: string, path: readonly string[]): readonly string[] | null {
  const here = path.join('.')
  const pod = podPaths[kind]
  if (pod === undefined || !here.startsWith(`${pod}.`)) return otherLists[`${kind} ${here}`] ?? null
  const inner = here.slice(pod.length + 1).split('.')
  const [parent = '', field = ''] = inner
  if (inner.length === 1) return podLists[parent] ?? null
  return inner.length === 2 && containerParents.includes(parent)
    ? (containerLists[field] ?? null)
    : null
}

const isSame = (keys: readonly string[], a: JsonRecord, b: JsonRecord): boolean =>
  keys.every((key, index) => {
    const isEither = index > 0 && (a[key] === undefined || b[key] === undefined)
    return isEither || a[key] === b[key]
  })

const directiveOf = (value: JsonRecord): Json | undefined => value.$patch

const without = ({ $patch: _, ...value }: JsonRecord): JsonRecord => value

type Place = { readonly kind: string; readonly path: readonly string[] }

/** What a patch gives where nothing stands yet: without the fields that it takes away. */
function fresh(value: Json): Json {
  if (Array.isArray(value)) return value.map(fresh)
  if (!isRecord(value)) return value
  const kept = Object.entries(without(value)).filter(([, inner]) => inner !== null)
  return Object.fromEntries(kept.map(([field, inner]) => [field, fresh(inner)]))
}

/** The elements of the patch first, as kustomize has them. */
function mergedList(base: readonly Json[], patch: readonly Json[], place: Place): Json[] {
  const keys = keysOf(place.kind, place.path)
  const wanted = patch.filter(isRecord)
  const replaces = wanted.some(
    (item) => Object.keys(item).length === 1 && directiveOf(item) === 'replace',
  )
  if (keys === null || wanted.length < patch.length || replaces)
    return patch
      .filter((item) => !(isRecord(item) && directiveOf(item) === 'replace'))
      .map((item) => fresh(item))
  const all = [...base.filter(isRecord), ...wanted]
  const used = keys.filter((key) => all.some((item) => item[key] !== undefined))
  return joined(base.filter(isRecord), wanted, { ...place, keys: used })
}

/**
 * kustomize puts what the patch says first. With two keys that somebody uses (ports) only what is new comes first, and the
 * rest keeps its order.
 */
function joined(
  present: readonly JsonRecord[],
  wanted: readonly JsonRecord[],
  { keys, ...place }: Place & { readonly keys: readonly string[] },
): Json[] {
  const patchOf = (item: JsonRecord) => wanted.find((other) => isSame(keys, item, other))
  const isKept = (item: JsonRecord) => directiveOf(item) !== 'delete'
  const oldOf = (item: JsonRecord) => present.find((other) => isSame(keys, other, item))
  const given = wanted.filter(isKept).map((item) => {
    const old = oldOf(item)
    return { isNew: !old, value: old ? merged(old, item, place) : fresh(item) }
  })
  if (keys.length === 1) {
    const rest = present.filter((item) => !patchOf(item))
    return [...given.map(({ value }) => value), ...rest]
  }
  const kept = present.flatMap((item) => {
    const patch = patchOf(item)
    if (patch && !isKept(patch)) return []
    return [patch ? merged(item, patch, place) : item]
  })
  return [...given.flatMap(({ isNew, value }) => (isNew ? [value] : [])), ...kept]
}

function mergedField(base: Json | undefined, patch: Json, place: Place): Json {
  if (isRecord(patch) && isRecord(base)) return merged(base, patch, place)
  if (Array.isArray(patch) && Array.isArray(base)) return mergedList(base, patch, place)
  return fresh(patch)
}

/** A strategic merge: fields of the patch win, `null` takes away, lists with a key are joined by it. */
export function merged(base: JsonRecord, patch: JsonRecord, place: Place): JsonRecord {
  if (directiveOf(patch) === 'replace') return Object.fromEntries(Object.entries(without(patch)))
  const result: JsonRecord = { ...base }
  for (const [field, value] of Object.entries(without(patch))) {
    const old = result[field]
    const isGone = value === null || (isRecord(value) && directiveOf(value) === 'delete')
    if (isGone) delete result[field]
    else result[field] = mergedField(old, value, { kind: place.kind, path: [...place.path, field] })
  }
  return result
}
