import { watch } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import tailwind from 'bun-plugin-tailwind'
import { lean } from './build.lean.ts'
import { sizesOf, type WebSizes } from './build.sizes.ts'

export type WebBuild = { sizes: WebSizes; stop(): void }

const root = import.meta.dir
const headMark = '<!-- plexus:head -->'

const common = {
  target: 'browser',
  minify: true,
  publicPath: '/',
  define: { 'process.env.NODE_ENV': '"production"' },
} as const

/** Classic scripts: they must run before the first paint, so they are neither modules nor deferred. */
const scripts = (outdir: string, names: readonly string[]) =>
  Bun.build({
    ...common,
    entrypoints: names.map((name) => join(root, 'boot', `${name}.ts`)),
    outdir,
    format: 'iife',
    naming: 'assets/[name]-[hash].[ext]',
  })

const client = (outdir: string) =>
  Bun.build({
    ...common,
    entrypoints: [join(root, 'main.tsx')],
    outdir,
    splitting: true,
    metafile: true,
    plugins: [tailwind, lean],
    naming: {
      entry: 'assets/[name]-[hash].[ext]',
      chunk: 'assets/[name]-[hash].[ext]',
      asset: 'assets/[name]-[hash].[ext]',
    },
  })

type Artifacts = Awaited<ReturnType<typeof Bun.build>>['outputs']

/** The entry's own head: style first, then the scripts that block, then the module. */
function headOf(classic: Artifacts, modules: Artifacts): string {
  const url = (path: string): string => `/assets/${basename(path)}`
  const styles = modules.filter(({ path }) => path.endsWith('.css'))
  const entries = modules.filter(({ kind }) => kind === 'entry-point')
  return [
    // By this id React Aria sees that its one rule is already there (styles/app.css).
    ...styles.map(
      ({ path }) => `<link rel="stylesheet" id="react-aria-pressable-style" href="${url(path)}">`,
    ),
    ...classic.map(({ path }) => `<script src="${url(path)}"></script>`),
    ...entries.map(({ path }) => `<script type="module" src="${url(path)}"></script>`),
  ].join('\n    ')
}

const gzipBytesOf = async (path: string): Promise<number> =>
  Bun.gzipSync(await Bun.file(path).bytes(), { level: 9 }).length

async function buildOnce(outdir: string, watching: boolean): Promise<WebSizes> {
  await rm(outdir, { recursive: true, force: true })
  await mkdir(outdir, { recursive: true })
  const classic = await scripts(outdir, watching ? ['boot', 'reload'] : ['boot'])
  const modules = await client(outdir)
  const template = await Bun.file(join(root, 'index.html')).text()
  const page = template.replace(headMark, headOf(classic.outputs, modules.outputs))
  await Bun.write(join(outdir, 'index.html'), page)
  await Bun.write(join(outdir, 'favicon.svg'), Bun.file(join(root, 'favicon.svg')))
  if (watching) await Bun.write(join(outdir, 'build.txt'), Bun.hash(page).toString(36))
  const paths = [...classic.outputs, ...modules.outputs].map(({ path }) => path)
  const sizes = await Promise.all(
    paths.map(async (path) => [basename(path), await gzipBytesOf(path)] as const),
  )
  return sizesOf(modules.metafile?.outputs ?? {}, new Map(sizes))
}

/**
 * Bundles the client into `outdir`: index.html, favicon.svg and hashed files under assets/.
 * With `watch`, builds again on every change until `stop()`; open pages then reload by themselves.
 */
export async function buildWeb(options: { outdir: string; watch?: boolean }): Promise<WebBuild> {
  const { outdir, watch: watching = false } = options
  const sizes = await buildOnce(outdir, watching)
  if (!watching) return { sizes, stop: () => {} }
  let timer: ReturnType<typeof setTimeout> | undefined
  const watcher = watch(root, { recursive: true }, () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      buildOnce(outdir, true).catch((error: unknown) => console.error(error))
    }, 120)
  })
  return {
    sizes,
    stop: () => {
      clearTimeout(timer)
      watcher.close()
    },
  }
}

if (import.meta.main) {
  const { sizes } = await buildWeb({ outdir: join(root, '..', 'dist', 'web') })
  const rows = { shell: sizes.shell, ...sizes.pages, css: sizes.css, language: sizes.language }
  for (const [name, bytes] of Object.entries(rows))
    console.log(`${(bytes / 1_000).toFixed(1).padStart(7)} kB  ${name}`)
}
