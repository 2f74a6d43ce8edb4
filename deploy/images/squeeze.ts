import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { file, type Node } from './tree.ts'

const brotliOf = promisify(brotliCompress)
const gzipOf = promisify(gzip)
const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }

const worthIt = /\/assets\/[^/]+\.(js|css)$/

/**
 * Each script and style once more as `.br` and `.gz`, which the gateway serves as they are: what is
 * compressed here is not compressed at every start, and as far as it goes.
 */
export async function squeezed(tree: ReadonlyMap<string, Node>): Promise<Map<string, Node>> {
  const all = new Map(tree)
  for (const [path, node] of tree) {
    if (node.kind !== 'file' || !worthIt.test(path) || tree.has(`${path}.br`)) continue
    all.set(`${path}.br`, file(new Uint8Array(await brotliOf(node.bytes, best))))
    all.set(`${path}.gz`, file(new Uint8Array(await gzipOf(node.bytes, { level: 9 }))))
  }
  return all
}
