import { join } from 'node:path'
import { documentsIn } from './documents.ts'
import { RenderFault } from './fault.ts'
import type { ReadInside } from './generate.ts'
import {
  at,
  isRecord,
  type Json,
  type JsonRecord,
  recordIn,
  recordOf,
  textOf,
  textsOf,
} from './json.ts'
import { kustomizationFile, type Patch, type Target } from './kustomization.ts'
import { merged } from './merge.ts'
import { operationsFrom, patched } from './pointer.ts'
import { groupOf, kindOf, nameOf, namespaceOf, type Resource, titleOf } from './resource.ts'

const fits = (pattern: string | undefined, ...texts: string[]): boolean =>
  pattern === undefined ||
  pattern === '' ||
  texts.some((text) => new RegExp(`^(?:${pattern})$`).test(text))

const versionOf = (value: JsonRecord) => textOf(value.apiVersion).split('/').at(-1) ?? ''

/** `a=b,c!=d,e,!f` over labels or annotations. */
function selects(selector: string | undefined, texts: Record<string, string>): boolean {
  const terms = (selector ?? '').split(',').filter((term) => term.trim() !== '')
  return terms.every((term) => {
    const [, not = '', key = '', sign, value = ''] =
      /^\s*(!?)\s*([^=!\s]+)\s*(?:(!=|==?)\s*(\S*))?\s*$/.exec(term) ?? []
    if (sign === undefined) return key in texts === (not === '')
    return (texts[key] === value) === (sign !== '!=')
  })
}

function isTarget({ value, original }: Resource, target: Target): boolean {
  const metadata = isRecord(value.metadata) ? value.metadata : {}
  return (
    fits(target.kind, kindOf(value)) &&
    fits(target.name, nameOf(value), original.name) &&
    fits(target.group, groupOf(value)) &&
    fits(target.version, versionOf(value)) &&
    fits(target.namespace, namespaceOf(value) || 'default', original.namespace || 'default') &&
    selects(target.labelSelector, textsOf(metadata.labels)) &&
    selects(target.annotationSelector, textsOf(metadata.annotations))
  )
}

/** The object that a patch without a target names; what it was called before counts too. */
const isNamed = ({ value, original }: Resource, patch: JsonRecord): boolean =>
  value.apiVersion === patch.apiVersion &&
  kindOf(value) === kindOf(patch) &&
  nameOf(value) === nameOf(patch) &&
  [namespaceOf(value), original.namespace].some(
    (namespace) => (namespace || 'default') === (namespaceOf(patch) || 'default'),
  )

/** A patch never changes who an object is. Returns null when the patch deletes it. */
function strategic(resource: Resource, patch: JsonRecord): JsonRecord | null {
  if (patch.$patch === 'delete') return null
  const { value } = resource
  for (const field of ['labels', 'annotations'])
    if (Object.values(recordOf(at(patch, `metadata.${field}`))).includes(null))
      throw new RenderFault(resource.file, `kustomize takes no ${field} away: use a JSON patch`)
  const result = merged(value, patch, { kind: kindOf(value), path: [] })
  const metadata = recordIn(result, 'metadata')
  metadata.name = nameOf(value)
  result.kind = kindOf(value)
  if (namespaceOf(value)) metadata.namespace = namespaceOf(value)
  else delete metadata.namespace
  return result
}

type Request = {
  readonly folder: string
  readonly patch: Patch
  readonly read: ReadInside
}

function merges({ folder, patch }: Request, values: readonly JsonRecord[], all: Resource[]) {
  const path = join(folder, kustomizationFile)
  const { target } = patch
  if (target && values.length > 1)
    throw new RenderFault(path, 'a patch with a target is one document')
  return values.flatMap((value) => {
    const found = all.filter((one) => (target ? isTarget(one, target) : isNamed(one, value)))
    if (!target && found.length !== 1)
      throw new RenderFault(
        path,
        `a patch names ${titleOf(value)}, of which there are ${found.length}`,
      )
    return found.map((resource) => [resource, value] as const)
  })
}

function replaced(all: Resource[], resource: Resource, value: JsonRecord | null): Resource[] {
  if (value === null) return all.filter((one) => one !== resource)
  resource.value = value
  return all
}

function amended(request: Request, operations: Json, all: Resource[]): Resource[] {
  const { folder, patch } = request
  const path = join(folder, patch.path ?? kustomizationFile)
  const parsed = operationsFrom(operations)
  const { target } = patch
  if (!parsed) throw new RenderFault(path, 'this is no JSON patch')
  if (!target) throw new RenderFault(path, 'a JSON patch needs a target')
  for (const resource of all.filter((one) => isTarget(one, target))) {
    try {
      resource.value = patched(resource.value, parsed)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new RenderFault(path, `${titleOf(resource.value)}: ${why}`)
    }
    resource.isFollowed = true
  }
  return all
}

/** Applies one entry of `patches`: a strategic merge, or a JSON patch for what its target selects. */
export function applyPatch(request: Request, all: Resource[]): Resource[] {
  const { folder, patch, read } = request
  const path = join(folder, patch.path ?? kustomizationFile)
  const values = documentsIn(patch.patch ?? read(patch.path ?? ''), path)
  const [first] = values
  if (Array.isArray(first)) return amended(request, first, all)
  const records = values.filter(isRecord)
  if (records.length === 0) throw new RenderFault(path, 'the patch is empty')
  return merges(request, records, all).reduce(
    (rest, [resource, value]) => replaced(rest, resource, strategic(resource, value)),
    all,
  )
}
