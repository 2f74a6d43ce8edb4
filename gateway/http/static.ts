import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { AppError } from '#kit/errors'
import type { Exchange } from '../exchange.ts'
import { encodingFor, hasTag, isNavigation } from './negotiate.ts'

export type Site = {
  /** A file of the build, the page for an address of the web client, or NOT_FOUND. */
  files(exchange: Exchange): Promise<Response>
  /**
   * Reads the folder again, after a build. Without a folder there is no web client, and the graph
   * still answers.
   */
  load(): Promise<void>
}

type Encoding = 'br' | 'gzip'
type Bytes = Uint8Array<ArrayBuffer>
type Asset = {
  readonly contentType: string
  readonly cacheControl: string
  readonly tag: string
  readonly plain: Bytes
  readonly encoded: Readonly<Partial<Record<Encoding, Bytes>>>
}
type Assets = ReadonlyMap<string, Asset>

const indexPath = '/index.html'
const encodings = ['br', 'gzip'] as const
const worthCompressing = 1_024
/**
 * The bundler writes a hash of the content into the name: what such a name stands for never
 * changes.
 */
const hashedName = /[-.][a-z0-9]{8,}\.[a-z0-9]+$/i

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
}
/** A file that is another one's compressed form, when that one lies beside it. */
const squeezed = /\.(br|gz)$/
const isText = (contentType: string) => /^(text|application)\/|svg/.test(contentType)

/**
 * Serves a folder from memory: a path is looked up among the files that are there, so none leads
 * outside.
 */
export function createSite({ folder }: { readonly folder: string }): Site {
  let assets: Assets = new Map()
  return {
    load: async () => {
      assets = await assetsIn(folder)
    },
    files: async ({ request, url }) => {
      const asset = assetFor(assets, request, url.pathname)
      if (!asset) throw new AppError('NOT_FOUND', 'There is nothing at this address.')
      return answer(asset, request)
    },
  }
}

function assetFor(assets: Assets, request: Request, path: string): Asset | undefined {
  const known = assets.get(path === '/' ? indexPath : path)
  if (known) return known
  // An address with an ending asks for a file; every other one may be a page that the web client
  // knows.
  const isPage = isNavigation(request) && extname(path) === ''
  return isPage ? assets.get(indexPath) : undefined
}

function answer(asset: Asset, request: Request): Response {
  const { encoded, plain } = asset
  const offered = encodings.filter((encoding) => encoded[encoding])
  const encoding = encodingFor(request.headers.get('accept-encoding'), offered)
  // Each form of a file is its own bytes, so each has a tag of its own.
  const tag = encoding ? `"${asset.tag}-${encoding}"` : `"${asset.tag}"`
  const headers = new Headers({ etag: tag, 'cache-control': asset.cacheControl })
  if (offered.length > 0) headers.set('vary', 'accept-encoding')
  if (hasTag(request.headers.get('if-none-match'), tag)) {
    return new Response(null, { status: 304, headers })
  }
  const bytes = (encoding && encoded[encoding]) ?? plain
  headers.set('content-type', asset.contentType)
  headers.set('content-length', String(bytes.byteLength))
  if (encoding) headers.set('content-encoding', encoding)
  return new Response(request.method === 'HEAD' ? null : bytes, { headers })
}

async function assetsIn(folder: string): Promise<Assets> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  // A link could lead out of the folder: only files that lie in it are served.
  const files = entries.filter((entry) => entry.isFile())
  const names = new Set(files.map(({ parentPath, name }) => join(parentPath, name)))
  const isForm = (file: string) => squeezed.test(file) && names.has(file.replace(squeezed, ''))
  const served = [...names].filter((file) => !isForm(file))
  return new Map(
    await Promise.all(
      served.map(async (file) => {
        const path = `/${relative(folder, file).split(sep).join('/')}`
        const plain = await bytesOf(file)
        const ready = names.has(`${file}.br`) && names.has(`${file}.gz`)
        return [path, await assetFrom(path, plain, ready ? file : null)] as const
      }),
    ),
  )
}

async function assetFrom(path: string, plain: Bytes, squeezedFile: string | null): Promise<Asset> {
  const contentType = types[extname(path).toLowerCase()] ?? 'application/octet-stream'
  const isImmutable = hashedName.test(path)
  return {
    contentType,
    plain,
    cacheControl: isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    tag: createHash('sha256').update(plain).digest('base64url').slice(0, 22),
    encoded: await (squeezedFile ? formsBeside(squeezedFile) : formsOf(contentType, plain)),
  }
}

const bytesOf = async (file: string): Promise<Bytes> => new Uint8Array(await readFile(file))

/** What a build has already compressed, since it is too large to be compressed at every start. */
async function formsBeside(file: string): Promise<Asset['encoded']> {
  const [br, gz] = await Promise.all([bytesOf(`${file}.br`), bytesOf(`${file}.gz`)])
  return { br, gzip: gz }
}

const brotliOf = promisify(brotliCompress)
const gzipOf = promisify(gzip)
/**
 * One step below the best: half a second instead of five for the whole client, at two percent more
 * bytes.
 */
const quality = { [constants.BROTLI_PARAM_QUALITY]: 10 }

async function formsOf(contentType: string, plain: Bytes): Promise<Asset['encoded']> {
  if (!isText(contentType) || plain.byteLength < worthCompressing) return {}
  const [br, gz] = await Promise.all([brotliOf(plain, { params: quality }), gzipOf(plain)])
  return { br: new Uint8Array(br), gzip: new Uint8Array(gz) }
}
