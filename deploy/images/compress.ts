import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digestOf } from './digest.ts'

/** The level that the sizes in deploy/README.md are of. */
export const level = 19

type Options = {
  /** Kept by what is in them: compressing the runtime takes most of a minute. */
  readonly cacheDir: string
}

/** Null for one that is not there or not what its name says. */
async function kept(path: string, diffId: string): Promise<Uint8Array | null> {
  if (!existsSync(path)) return null
  const bytes = await readFile(path)
  const plain = await Bun.zstdDecompress(bytes).catch(() => null)
  return plain && digestOf(plain) === diffId ? bytes : null
}

/** The archive, compressed as far as is worth it; the same bytes each time. */
export async function compressed(tar: Uint8Array, { cacheDir }: Options): Promise<Uint8Array> {
  const diffId = digestOf(tar)
  const path = join(cacheDir, `${diffId.replace(':', '-')}.${level}.zst`)
  const known = await kept(path, diffId)
  if (known) return known
  const bytes = await Bun.zstdCompress(tar, { level })
  await mkdir(cacheDir, { recursive: true })
  const fresh = `${path}.${process.pid}`
  await writeFile(fresh, bytes)
  await rename(fresh, path)
  return bytes
}
