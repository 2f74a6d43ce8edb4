import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { apply } from '../kubectl.ts'
import type { Place } from '../place.ts'

/** Names for pods, as k3s has them, with its own files for further rules. */
export async function startDns(place: Place): Promise<void> {
  const text = await readFile(join(import.meta.dir, 'coredns.yaml'), 'utf8')
  await apply(
    place,
    parseAllDocuments(text).map((document) => document.toJS()),
  )
}
