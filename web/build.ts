import { watch } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import tailwind from 'bun-plugin-tailwind'
import { lean } from './build.lean.ts'

export type BuiltFile = { path: string; gzipBytes: number }
export type WebBuild = { files: BuiltFile[]; stop(): void }

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
    plugins: [tailwind, lean],
    naming: {
      entry: 'assets/[name]-[hash].[ext]',
      chunk: 'assets/[name]-[hash].[ext]',
      asset: 'assets/[name]-[hash].[ext]',
    },
  })

type Outputs = Awaited<ReturnType<typeof Bun.build>>['outputs']

/** The entry's own head: style first, then the scripts that block, then the module. */
function headOf(classic: Outputs, modules: Outputs): string {
  const url = (path: string): string => `/assets/${basename(path)}`
  const styles = modules.filter(({ path }) => path.endsWith('.css'))
  const entries = modules.filter(({ kind }) => kind === 'entry-point')
  return [
    ...styles.map(({ path }) => `<link rel="stylesheet" href="${url(path)}">`),
    ...classic.map(({ path }) => `<script src="${url(path)}"></script>`),
    ...entries.map(({ path }) => `<script type="module" src="${url(path)}"></script>`),
  ].join('\n    ')
}

const gzipBytesOf = async (path: string): Promise<number> =>
  Bun.gzipSync(await Bun.file(path).bytes(), { level: 9 }).length

async function buildOnce(outdir: string, watching: boolean): Promise<BuiltFile[]> {
  await rm(outdir, { recursive: true, force: true })
  await mkdir(outdir, { recursive: true })
  const classic = await scripts(outdir, watching ? ['boot', 'reload'] : ['boot'])
  const modules = await client(outdir)
  const template = await Bun.file(join(root, 'index.html')).text()
  const page = template.replace(headMark, headOf(classic.outputs, modules.outputs))
  await Bun.write(join(outdir, 'index.html'), page)
  await Bun.write(join(outdir, 'favicon.svg'), Bun.file(join(root, 'favicon.svg')))
  if (watching) await Bun.write(join(outdir, 'build.txt'), Bun.hash(page).toString(36))
  const built = [...classic.outputs, ...modules.outputs].map(({ path }) => path)
  return Promise.all(
    built.map(async (path) => ({ path: basename(path), gzipBytes: await gzipBytesOf(path) })),
  )
}

/**
 * Bundles the client into `outdir`: index.html, favicon.svg and hashed files under assets/.
 * With `watch`, builds again on every change until `stop()`; open pages then reload by themselves.
 */
export async function buildWeb(options: { outdir: string; watch?: boolean }): Promise<WebBuild> {
  const { outdir, watch: watching = false } = options
  const files = await buildOnce(outdir, watching)
  if (!watching) return { files, stop: () => {} }
  let timer: ReturnType<typeof setTimeout> | undefined
  const watcher = watch(root, { recursive: true }, () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      buildOnce(outdir, true).catch((error: unknown) => console.error(error))
    }, 120)
  })
  return {
    files,
    stop: () => {
      clearTimeout(timer)
      watcher.close()
    },
  }
}

if (import.meta.main) {
  const { files } = await buildWeb({ outdir: join(root, '..', 'dist', 'web') })
  for (const { path, gzipBytes } of files)
    console.log(`${(gzipBytes / 1000).toFixed(1)} kB  ${path}`)
}
