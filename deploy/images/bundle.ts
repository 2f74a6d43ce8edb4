import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { subgraphs } from '#schema/subgraphs'
import { home } from './list.ts'
import { file, type Node } from './tree.ts'

export type Bundle = {
  /** By their paths in the image: our code, which changes with every commit. */
  readonly app: ReadonlyMap<string, Node>
  /** What is made of packages alone, and stays while `bun.lock` does. */
  readonly packages: ReadonlyMap<string, Node>
  /** Every file that something was taken from, as a path in the repository. */
  readonly inputs: readonly string[]
}

/** Where the entry is: the folder above it is the home of everything that is read by a path. */
export const binFolder = `${home.slice(1)}/bin`

const roomModules = () =>
  [
    'const rooms = {',
    ...subgraphs.map(
      ({ name }) =>
        `  ${name}: async () => ({ config: await import('../subgraphs/${name}/config.ts'), app: await import('../subgraphs/${name}/app.ts') }),`,
    ),
    '}',
    'export const roomModules = (name) => rooms[name]()',
  ].join('\n')

/** A bundler follows no import whose name is computed. */
const writtenOut: Bun.BunPlugin = {
  name: 'room modules',
  setup: (build) => {
    build.onLoad({ filter: /\/stack\/room-modules\.ts$/ }, () => ({
      contents: roomModules(),
      loader: 'js',
    }))
  },
}

const isOfPackage = (input: string) => input.includes('node_modules/')

/** Where the code was built is no business of who runs it, and would make each place's bytes differ. */
const relocated = (text: string, root: string) => text.replaceAll(root, home)

/** One service as a few files that need nothing else but Bun; the same bytes wherever it is built. */
export async function bundleOf(entry: string, root: string): Promise<Bundle> {
  const built = await Bun.build({
    entrypoints: [join(root, entry)],
    root,
    target: 'bun',
    minify: true,
    splitting: true,
    metafile: true,
    sourcemap: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    naming: { entry: 'main.[ext]', chunk: '[name]-[hash].[ext]', asset: '[name].[ext]' },
    plugins: [writtenOut],
  })
  const made = new Map(Object.entries(built.metafile?.outputs ?? {}))
  const app = new Map<string, Node>()
  const packages = new Map<string, Node>()
  for (const output of built.outputs) {
    const inputs = Object.keys(made.get(output.path)?.inputs ?? {})
    const ofPackages = output.kind === 'asset' || (inputs.length > 0 && inputs.every(isOfPackage))
    const node = output.path.endsWith('.js')
      ? file(relocated(await output.text(), root))
      : file(new Uint8Array(await output.arrayBuffer()))
    const part = ofPackages && output.kind !== 'entry-point' ? packages : app
    part.set(join(binFolder, output.path), node)
  }
  return { app, packages, inputs: Object.keys(built.metafile?.inputs ?? {}).sort() }
}

/** Files and folders of the repository, at the same place below the home. */
export async function copied(paths: readonly string[], root: string): Promise<Map<string, Node>> {
  const found = new Map<string, Node>()
  for (const path of paths) {
    const isFile = /\.\w+$/.test(path)
    const names = isFile
      ? [path]
      : [...new Bun.Glob('**/*').scanSync({ cwd: join(root, path) })].map((name) =>
          join(path, name),
        )
    for (const name of names)
      found.set(`${home.slice(1)}/${name}`, file(await readFile(join(root, name))))
  }
  return found
}
