import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { AppError } from '#kit/errors'
import type { Exchange } from '../exchange.ts'
import { clientRoutesFrom } from './client-routes.ts'
import { encodingFor, hasTag, isNavigation } from './negotiate.ts'

export type Site = {
  /** A file of the build, the page for an address of the web client, or NOT_FOUND. */
  files(exchange: Exchange): Promise<Response>
  /** The explorer's page, which is not among the files; null when it was not built. */
  explorer(request: Request): Response | null
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
/** What a build consists of; without a list of pages, every address may be one. */
type Build = { readonly assets: Assets; readonly isPage: (path: string) => boolean }

const indexPath = '/index.html'
const explorerPage = '/explorer/index.html'
/** The addresses that the client's router knows, for us alone. */
const routesFile = '/routes.json'
const hidden: ReadonlySet<string> = new Set([explorerPage, routesFile])
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
  let build: Build = { assets: new Map(), isPage: () => true }
  return {
    load: async () => {
      build = buildFrom(await assetsIn(folder))
    },
    files: async ({ request, url: { pathname } }) => {
      const asset = build.assets.get(pathname === '/' ? indexPath : pathname)
      if (asset && !hidden.has(pathname)) return answer(asset, request)
      const page = wantsPage(request, pathname) ? build.assets.get(indexPath) : undefined
      if (!page) throw new AppError('NOT_FOUND', 'There is nothing at this address.')
      // The client has a page for this as well, and says so on it.
      return build.isPage(pathname) ? answer(page, request) : missing(page, request)
    },
    explorer: (request) => {
      const page = build.assets.get(explorerPage)
      return page ? answer(page, request) : null
    },
  }
}

function buildFrom(assets: Assets): Build {
  const list = assets.get(routesFile)
  const isPage = list ? clientRoutesFrom(new TextDecoder().decode(list.plain)) : () => true
  return { assets, isPage }
}

/** An address with an ending asks for a file. */
const wantsPage = (request: Request, path: string) => isNavigation(request) && extname(path) === ''

/** Nobody may keep it, nor be told that they have it: a tag would stand for the page itself. */
const missing = (page: Asset, request: Request): Response =>
  whole(page, request, {
    status: 404,
    headers: new Headers({ 'cache-control': 'no-store', vary: 'accept-encoding' }),
  })

const offeredBy = ({ encoded }: Asset) => encodings.filter((encoding) => encoded[encoding])
const encodingOf = (asset: Asset, { headers }: Request) =>
  encodingFor(headers.get('accept-encoding'), offeredBy(asset))

function answer(asset: Asset, request: Request): Response {
  const encoding = encodingOf(asset, request)
  // Each form of a file is its own bytes, so each has a tag of its own.
  const tag = encoding ? `"${asset.tag}-${encoding}"` : `"${asset.tag}"`
  const headers = new Headers({ etag: tag, 'cache-control': asset.cacheControl })
  if (offeredBy(asset).length > 0) headers.set('vary', 'accept-encoding')
  if (hasTag(request.headers.get('if-none-match'), tag)) {
    return new Response(null, { status: 304, headers })
  }
  return whole(asset, request, { status: 200, headers })
}

type Head = { readonly status: number; readonly headers: Headers }

function whole(asset: Asset, request: Request, { status, headers }: Head): Response {
  const { encoded, plain, contentType } = asset
  const encoding = encodingOf(asset, request)
  const bytes = (encoding && encoded[encoding]) ?? plain
  headers.set('content-type', contentType)
  headers.set('content-length', String(bytes.byteLength))
  if (encoding) headers.set('content-encoding', encoding)
  return new Response(request.method === 'HEAD' ? null : bytes, { status, headers })
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
