import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { BunPlugin } from 'bun'

const web = join(import.meta.dir, '..')
const repository = join(web, '..')
const cache = join(repository, 'node_modules/.cache/plexus-explorer')
const publicPath = '/explorer/assets/'
const headMark = '<!-- plexus:head -->'

/** What the explorer is made of: its own folder, these files of the client, and what is installed. */
export const shared = [
  'boot/boot.ts',
  'i18n/locale.ts',
  'session/session.tsx',
  'session/silent.ts',
  'shell/theme.ts',
  'styles/tokens.css',
  'ui/use-on-focus.ts',
] as const

/** By the label under which Monaco asks for them. */
const workers = {
  json: 'monaco-editor/esm/vs/language/json/json.worker.js',
  graphql: 'monaco-graphql/esm/graphql.worker.js',
  editor: 'monaco-editor/esm/vs/editor/editor.worker.js',
} as const

const codicon = 'monaco-editor/esm/vs/base/browser/ui/codicons/codicon/codicon.ttf'

const common = {
  target: 'browser',
  minify: true,
  publicPath,
  define: { 'process.env.NODE_ENV': '"production"' },
} as const

const installed = (specifier: string): string => Bun.resolveSync(specifier, import.meta.dir)

/** The bundler would write the font into the style, and `font-src 'self'` refuses that. */
const fontApart = (address: string): BunPlugin => ({
  name: 'plexus-font-apart',
  setup: (build) =>
    void build.onResolve({ filter: /codicon\.ttf$/ }, () => ({ path: address, external: true })),
})

async function fontIn(assets: string): Promise<string> {
  const bytes = await Bun.file(installed(codicon)).bytes()
  const name = `codicon-${Bun.hash(bytes).toString(36)}.ttf`
  await Bun.write(join(assets, name), bytes)
  return name
}

/** Each worker is one file, for a worker's policy lets it load nothing more. Their names, by label. */
async function workersIn(outdir: string): Promise<Record<string, string>> {
  const built = await Promise.all(
    Object.entries(workers).map(async ([label, path]) => {
      const { outputs } = await Bun.build({
        ...common,
        entrypoints: [installed(path)],
        outdir,
        naming: `${label}.worker-[hash].[ext]`,
      })
      return [label, basename(outputs[0]?.path ?? '')] as const
    }),
  )
  return Object.fromEntries(built)
}

const boot = (outdir: string) =>
  Bun.build({
    ...common,
    entrypoints: [join(web, 'boot/boot.ts')],
    outdir,
    format: 'iife',
    naming: '[name]-[hash].[ext]',
  })

const page = (outdir: string, font: string) =>
  Bun.build({
    ...common,
    entrypoints: [join(import.meta.dir, 'main.tsx')],
    outdir,
    splitting: true,
    metafile: true,
    plugins: [fontApart(publicPath + font)],
    naming: {
      entry: '[name]-[hash].[ext]',
      chunk: '[name]-[hash].[ext]',
      asset: '[name]-[hash].[ext]',
    },
  })

const compressible = /\.(js|css|ttf)$/
const brotliOf = promisify(brotliCompress)
const gzipOf = promisify(gzip)
/** Five megabytes in half a second; the best quality would take half a minute for a tenth less. */
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }

/** Each file once more as `.br` and `.gz`: it is squeezed when it is built, not when a gateway starts. */
async function compress(assets: string): Promise<void> {
  const names = (await readdir(assets)).filter((name) => compressible.test(name))
  await Promise.all(
    names.map(async (name) => {
      const file = join(assets, name)
      const bytes = await Bun.file(file).bytes()
      const [br, gz] = await Promise.all([brotliOf(bytes, quality), gzipOf(bytes)])
      await Promise.all([Bun.write(`${file}.br`, br), Bun.write(`${file}.gz`, gz)])
    }),
  )
}

const attributes = (names: Record<string, string>): string =>
  Object.entries(names)
    .map(([label, name]) => `data-${label}="${publicPath}${name}"`)
    .join(' ')

/** Builds the explorer into `outdir`: index.html, and its files under assets/. What it is made of, by path from web/. */
export async function bundleExplorer(outdir: string): Promise<string[]> {
  const assets = join(outdir, 'assets')
  await mkdir(assets, { recursive: true })
  const [font, names] = await Promise.all([fontIn(assets), workersIn(assets)])
  const [classic, modules] = await Promise.all([boot(assets), page(assets, font)])
  const files = modules.outputs.map(({ path, kind }) => ({ name: basename(path), kind }))
  const script = files.find(({ kind }) => kind === 'entry-point')?.name
  const style = files.find(({ name }) => /^main-.*\.css$/.test(name))?.name
  const head = [
    `<link rel="stylesheet" href="${publicPath}${style}">`,
    ...classic.outputs.map(({ path }) => `<script src="${publicPath}${basename(path)}"></script>`),
    `<script type="module" src="${publicPath}${script}"></script>`,
  ].join('\n    ')
  const template = await Bun.file(join(import.meta.dir, 'index.html')).text()
  const html = template
    .replace(headMark, head)
    .replace('<div id="root">', `<div id="root" ${attributes(names)}>`)
  await Bun.write(join(outdir, 'index.html'), html)
  await compress(assets)
  return Object.keys(modules.metafile?.inputs ?? {}).map((path) => relative(web, resolve(path)))
}

/** Of everything that a build comes from. */
async function keyOf(): Promise<string> {
  const own = await Array.fromAsync(new Bun.Glob('**/*').scan({ cwd: import.meta.dir }))
  const sources = own.filter((name) => !name.startsWith('test/')).map((name) => `explorer/${name}`)
  const hash = new Bun.CryptoHasher('sha256').update(Bun.version)
  hash.update(await Bun.file(join(repository, 'bun.lock')).bytes())
  for (const name of [...sources, ...shared].sort())
    hash.update(name).update(await Bun.file(join(web, name)).bytes())
  return hash.digest('hex').slice(0, 16)
}

const dayMs = 86_400_000

/** Builds of other sources go a day after they were made: until then somebody may still copy one. */
async function forgetOld(): Promise<void> {
  const paths = (await readdir(cache)).map((name) => join(cache, name))
  const ages = await Promise.all(
    paths.map(async (path) => [path, Date.now() - (await stat(path)).mtimeMs] as const),
  )
  const old = ages.filter(([, ageMs]) => ageMs > dayMs)
  await Promise.all(old.map(([path]) => rm(path, { recursive: true, force: true })))
}

/** The cached build of these sources; built when there is none. */
async function cached(): Promise<string> {
  const folder = join(cache, await keyOf())
  if (await Bun.file(join(folder, 'index.html')).exists()) return folder
  const fresh = `${folder}.${process.pid}`
  await rm(fresh, { recursive: true, force: true })
  await bundleExplorer(fresh)
  // Another process may have been as fast: its build is the same.
  await rename(fresh, folder).catch(() => rm(fresh, { recursive: true, force: true }))
  await forgetOld()
  return folder
}

/** Puts the explorer into `outdir`; it is bundled anew only when its sources or packages changed. */
export async function buildExplorer(outdir: string): Promise<void> {
  await cp(await cached(), outdir, { recursive: true })
}
