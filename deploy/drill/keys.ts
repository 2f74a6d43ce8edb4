import { readFile } from 'node:fs/promises'
import type { Place } from './place.ts'

export type AgeKey = { readonly identityFile: string; readonly recipient: string }

/** A key of the kind that an installation keeps in its safe. */
export async function ageKey(place: Place, name = 'identity.txt'): Promise<AgeKey> {
  const identityFile = place.path(name)
  const { code, err } = await place.run(['age-keygen', '--output', identityFile])
  if (code !== 0) throw new Error(err)
  const text = await readFile(identityFile, 'utf8')
  return { identityFile, recipient: /public key: (\S+)/.exec(text)?.[1] ?? '' }
}
