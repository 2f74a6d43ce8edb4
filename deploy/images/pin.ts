import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml'
import type { Repository } from './registry.ts'

export type Pinned = {
  readonly text: string
  /** `name:tag` of what was turned into a digest, and of what its registry does not have. */
  readonly pinned: readonly string[]
  readonly missing: readonly string[]
}

const textAt = (row: YAMLMap, key: string) => {
  const value = row.get(key)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}

type Open = (name: string) => Pick<Repository, 'digestOfTag'>

/**
 * Writes behind each tag of a kustomization the digest that its registry has for it now. The tag
 * stays, for people and for Renovate; what runs is the digest.
 */
export async function pinTags(text: string, open: Open): Promise<Pinned> {
  const document = parseDocument(text)
  const rows = document.get('images')
  const pinned: string[] = []
  const missing: string[] = []
  for (const row of isSeq(rows) ? rows.items : []) {
    if (!isMap(row)) continue
    const tag = textAt(row, 'newTag')
    const name = textAt(row, 'newName') ?? textAt(row, 'name')
    if (!tag || !name) continue
    const digest = await open(name).digestOfTag(tag)
    if (digest) row.set('digest', digest)
    ;(digest ? pinned : missing).push(`${name}:${tag}`)
  }
  return { text: document.toString({ lineWidth: 0 }), pinned, missing }
}

const imageName = /^(\s*imageName: )([^\s@]+):([\w.-]+)(?:@\S+)?$/gm

/**
 * The same for what a database cluster names itself, which no kustomization reaches: its operator reads
 * the version from the tag and runs the digest behind it.
 */
export async function pinImageNames(text: string, open: Open): Promise<Pinned> {
  const pinned: string[] = []
  const missing: string[] = []
  const names = new Map<string, string>()
  for (const [line, before, name, tag] of text.matchAll(imageName)) {
    const digest = name && tag ? await open(name).digestOfTag(tag) : null
    names.set(line, digest ? `${before}${name}:${tag}@${digest}` : line)
    ;(digest ? pinned : missing).push(`${name}:${tag}`)
  }
  return { text: text.replace(imageName, (line) => names.get(line) ?? line), pinned, missing }
}
