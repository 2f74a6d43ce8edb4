import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Built, Part } from './build.ts'
import { ordered, type Tree } from './tree.ts'

async function writeTree(tree: Tree, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [path, node] of ordered(tree)) {
    const at = join(folder, path)
    if (node.kind === 'folder') await mkdir(at, { recursive: true })
    else {
      await mkdir(dirname(at), { recursive: true })
      await writeFile(at, node.bytes)
    }
    await chmod(at, node.mode)
  }
}

/** The same files as in the layers, as folders: what deploy/Dockerfile copies. */
export async function writeFolders(folder: string, runtime: Part, built: readonly Built[]) {
  await rm(folder, { recursive: true, force: true })
  await writeTree(runtime.tree, join(folder, 'runtime'))
  for (const { source, parts } of built)
    for (const { kind, tree } of parts)
      if (kind !== 'runtime') await writeTree(tree, join(folder, source.name))
}
