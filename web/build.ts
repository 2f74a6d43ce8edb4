import { watch } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import tailwind from 'bun-plugin-tailwind'
import { documents } from './build.documents.ts'
import { lean } from './build.lean.ts'
import { shellOf, sizesOf, type WebSizes } from './build.sizes.ts'
import { buildExplorer } from './explorer/build.ts'

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
    plugins: [tailwind, lean, documents],
    naming: {
      entry: 'assets/[name]-[hash].[ext]',
      chunk: 'assets/[name]-[hash].[ext]',
      asset: 'assets/[name]-[hash].[ext]',
    },
  })

const url = (name: string): string => `/assets/${name}`

type Head = { styles: string[]; classic: string[]; shell: string[]; catalogs: string[] }

/** Style first, then the scripts that block, then all modules of the shell at once. */
function headOf({ styles, classic, shell, catalogs }: Head): string {
  const [main = '', ...others] = shell
  const languages = catalogs.map((name) => `data-${name.slice(0, 2)}="${url(name)}"`).join(' ')
  return [
    // By this id React Aria sees that its one rule is already there (styles/app.css).
    ...styles.map(
      (name) => `<link rel="stylesheet" id="react-aria-pressable-style" href="${url(name)}">`,
    ),
    ...classic.map((name) => `<script src="${url(name)}" ${languages}></script>`),
    ...others.map((name) => `<link rel="modulepreload" href="${url(name)}">`),
    `<script type="module" src="${url(main)}"></script>`,
  ].join('\n    ')
}

const gzipBytesOf = async (path: string): Promise<number> =>
  Bun.gzipSync(await Bun.file(path).bytes(), { level: 9 }).length

/** The addresses that the router has a page for: the gateway says of any other that it is not found. */
async function addresses(): Promise<string[]> {
  const router = await Bun.file(join(root, 'router.tsx')).text()
  return [...router.matchAll(/^ {2}path: '(\/[^']*)',$/gm)].map(([, path = '']) => path)
}

async function buildOnce(outdir: string, watching: boolean): Promise<WebSizes> {
  await rm(outdir, { recursive: true, force: true })
  await mkdir(outdir, { recursive: true })
  const explorer = buildExplorer(join(outdir, 'explorer'))
  const classic = await scripts(outdir, watching ? ['boot', 'reload'] : ['boot'])
  const modules = await client(outdir)
  const template = await Bun.file(join(root, 'index.html')).text()
  const outputs = modules.metafile?.outputs ?? {}
  const names = modules.outputs.map(({ path }) => basename(path))
  const head = headOf({
    styles: names.filter((name) => name.endsWith('.css')),
    classic: classic.outputs.map(({ path }) => basename(path)),
    shell: shellOf(outputs),
    catalogs: names.filter((name) => /^(en|fr)\.generated-/.test(name)),
  })
  const page = template.replace(headMark, head)
  await Bun.write(join(outdir, 'index.html'), page)
  await Bun.write(join(outdir, 'routes.json'), JSON.stringify(await addresses()))
  await Bun.write(join(outdir, 'favicon.svg'), Bun.file(join(root, 'favicon.svg')))
  if (watching) await Bun.write(join(outdir, 'build.txt'), Bun.hash(page).toString(36))
  const paths = [...classic.outputs, ...modules.outputs].map(({ path }) => path)
  await explorer
  const sizes = await Promise.all(
    paths.map(async (path) => [basename(path), await gzipBytesOf(path)] as const),
  )
  return sizesOf(outputs, new Map(sizes))
}

type BuildOptions = {
  readonly outdir: string
  readonly watch?: boolean
  /** Told after every build but the first. */
  readonly onRebuilt?: () => void
}

/**
 * Bundles the client into `outdir`: index.html, favicon.svg and hashed files under assets/;
 * and the graph explorer, a page of its own: explorer/index.html and explorer/assets/.
 * With `watch`, builds again on every change until `stop()`; open pages then reload by themselves.
 */
export async function buildWeb(options: BuildOptions): Promise<WebBuild> {
  const { outdir, watch: watching = false, onRebuilt = () => {} } = options
  const sizes = await buildOnce(outdir, watching)
  if (!watching) return { sizes, stop: () => {} }
  let timer: ReturnType<typeof setTimeout> | undefined
  const watcher = watch(root, { recursive: true }, () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      buildOnce(outdir, true).then(onRebuilt, (error: unknown) => console.error(error))
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
