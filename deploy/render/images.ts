import { isRecord, type Json, type JsonRecord } from './json.ts'
import type { Image } from './kustomization.ts'
import { kindOf, type Resource } from './resource.ts'

export type ImageParts = { readonly name: string; readonly tag: string; readonly digest: string }

/** `ghcr.io/a/b:1@sha256:…` in its parts; a port before the first slash is no tag. */
export function imageParts(image: string): ImageParts {
  const [beforeDigest = '', digest = ''] = image.split('@')
  const colon = beforeDigest.indexOf(':', Math.max(0, beforeDigest.indexOf('/')))
  return colon < 0
    ? { name: beforeDigest, tag: '', digest }
    : { name: beforeDigest.slice(0, colon), tag: beforeDigest.slice(colon + 1), digest }
}

function changed(image: string, rule: Image): string {
  const { name, tag, digest } = imageParts(image)
  if (name !== rule.name) return image
  const replaces = rule.newTag !== undefined || rule.digest !== undefined
  const newTag = replaces ? (rule.newTag ?? '') : tag
  const newDigest = replaces ? (rule.digest ?? '') : digest
  const suffix = `${newTag && `:${newTag}`}${newDigest && `@${newDigest}`}`
  return `${rule.newName ?? name}${suffix}`
}

const holders = new Set(['containers', 'initContainers'])

/** Every field that names an image: of containers, and of volumes that are images. */
export function imageFields(value: Json, into: JsonRecord[] = []): JsonRecord[] {
  if (Array.isArray(value)) for (const item of value) imageFields(item, into)
  if (!isRecord(value)) return into
  for (const [field, inner] of Object.entries(value)) {
    if (holders.has(field) && Array.isArray(inner)) into.push(...inner.filter(isRecord))
    imageFields(inner, into)
  }
  return into
}

export function applyImages(all: readonly Resource[], rules: readonly Image[]): void {
  const containers = all
    .filter(({ value }) => kindOf(value) !== 'CustomResourceDefinition')
    .flatMap(({ value }) => imageFields(value))
  for (const rule of rules)
    for (const container of containers)
      if (typeof container.image === 'string') container.image = changed(container.image, rule)
}
