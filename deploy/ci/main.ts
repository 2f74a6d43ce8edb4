import { join } from 'node:path'
import { ciFiles } from './files.ts'

const root = join(import.meta.dir, '../..')

/** Writes the files of the CI systems. */
export async function main(): Promise<void> {
  for (const [path, text] of ciFiles()) await Bun.write(join(root, path), text)
}
