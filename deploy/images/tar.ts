import { type Node, ordered, type Tree } from './tree.ts'

const blockBytes = 512
const nameBytesMax = 100
const prefixBytesMax = 155

/** ustar has 100 bytes for a name and 155 for the folders before it. */
function splitName(path: string): { name: string; prefix: string } {
  if (path.length <= nameBytesMax) return { name: path, prefix: '' }
  const slash = path.indexOf('/', path.length - nameBytesMax - 1)
  const prefix = path.slice(0, slash)
  if (slash < 0 || prefix.length > prefixBytesMax || slash === path.length - 1)
    throw new Error(`${path} is too long for an archive.`)
  return { name: path.slice(slash + 1), prefix }
}

const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`

type Field = readonly [offset: number, text: string]

/** Owner root, one fixed time, no names of people or machines: the same tree is the same bytes. */
function header(path: string, node: Node, epochSeconds: number): Uint8Array {
  const { name, prefix } = splitName(node.kind === 'folder' ? `${path}/` : path)
  const size = node.kind === 'file' ? node.bytes.length : 0
  const fields: Field[] = [
    [0, name],
    [100, octal(node.mode, 8)],
    [108, octal(0, 8)],
    [116, octal(0, 8)],
    [124, octal(size, 12)],
    [136, octal(epochSeconds, 12)],
    [148, ' '.repeat(8)],
    [156, node.kind === 'folder' ? '5' : '0'],
    [257, 'ustar\x0000'],
    [345, prefix],
  ]
  const block = Buffer.alloc(blockBytes)
  for (const [offset, text] of fields) block.write(text, offset, 'latin1')
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${octal(sum, 7)} `, 148, 'latin1')
  return block
}

const padding = (size: number) => new Uint8Array((blockBytes - (size % blockBytes)) % blockBytes)

/** A POSIX archive of the tree that depends on nothing but the tree and the time that is given. */
export function tarOf(tree: Tree, epochSeconds: number): Uint8Array {
  const parts: Uint8Array[] = []
  for (const [path, node] of ordered(tree)) {
    if (/[^\x20-\x7e]/.test(path)) throw new Error(`${path} has letters an archive would change.`)
    parts.push(header(path, node, epochSeconds))
    if (node.kind === 'file') parts.push(node.bytes, padding(node.bytes.length))
  }
  parts.push(new Uint8Array(2 * blockBytes))
  return Buffer.concat(parts)
}
