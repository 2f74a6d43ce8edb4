import { existsSync } from 'node:fs'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { program } from '../../../stack/program.ts'
import { file, type Node } from '../../images/tree.ts'

type Nodes = Map<string, Node>

/** A file of this machine as one of an image; a link becomes what it leads to. */
export async function nodeOf(path: string): Promise<Node> {
  const { mode } = await stat(path)
  return file(await readFile(path), mode & 0o755)
}

type Copy = {
  readonly from: string
  readonly to: string
  readonly without?: readonly string[]
}

/** A whole folder of this machine, links followed, those that lead nowhere left out. */
export async function folderNodes({ from, to, without = [] }: Copy): Promise<Nodes> {
  const nodes: Nodes = new Map()
  for (const name of await readdir(from)) {
    const [source, target] = [join(from, name), join(to, name)]
    if (without.includes(name) || !existsSync(source)) continue
    const entries = (await stat(source)).isDirectory()
      ? await folderNodes({ from: source, to: target, without })
      : new Map([[target, await nodeOf(source)]])
    for (const [path, node] of entries) nodes.set(path, node)
  }
  return nodes
}

/** The libraries of the system that these programs and libraries are linked with, and the linker's loader. */
export async function librariesOf(programs: readonly string[]): Promise<Nodes> {
  const nodes: Nodes = new Map()
  const said = await program(['ldd', ...programs])
  for (const [, path = ''] of said.matchAll(/(?:=> |^\s+)(\/lib\S*|\/usr\/lib\S*) \(0x/gm)) {
    const target = path.slice(1)
    if (!nodes.has(target)) nodes.set(target, await nodeOf(await realpath(path)))
  }
  return nodes
}

/** Who is who in an image that runs as one user. */
export const accounts = (name: string, id: number): [string, Node][] => [
  [
    'etc/passwd',
    file(`root:x:0:0:root:/:/sbin/nologin\n${name}:x:${id}:${id}:${name}:/:/bin/sh\n`),
  ],
  ['etc/group', file(`root:x:0:\n${name}:x:${id}:\n`)],
  ['etc/nsswitch.conf', file('hosts: files dns\n')],
]
