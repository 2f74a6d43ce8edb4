import { readFile } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { subgraphs } from '#schema/subgraphs'
import { digestOf } from './digest.ts'
import { home } from './list.ts'
import { file, type Node } from './tree.ts'

export type Bundle = {
  /** By their paths in the image: our code, which changes with every commit. */
  readonly app: ReadonlyMap<string, Node>
  /** What is made of packages alone, and stays while `bun.lock` does. */
  readonly packages: ReadonlyMap<string, Node>
  /** Machine code, which is the same in whatever uses it. */
  readonly addons: ReadonlyMap<string, Node>
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

const isChunk = ({ kind, path }: Bun.BuildArtifact) => kind === 'chunk' && path.endsWith('.js')

/** The bundler names a chunk by where it was built as well; here it is named by what it is for and what is in it. */
function namesOf(chunks: readonly (readonly [path: string, sources: readonly string[]])[]) {
  const names = new Map(
    chunks.map(([path, sources]) => {
      const digest = digestOf(sources.toSorted().join('\n'))
      return [basename(path), `chunk-${digest.slice('sha256:'.length, 'sha256:'.length + 12)}.js`]
    }),
  )
  if (new Set(names.values()).size < names.size)
    throw new Error('Two chunks have the same sources.')
  return {
    of: (path: string) => names.get(basename(path)) ?? path,
    in: (text: string) =>
      [...names].reduce((all, [given, name]) => all.replaceAll(`./${given}`, `./${name}`), text),
  }
}

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
  const within = (input: string) => relative(root, resolve(input))
  const inputsOf = ({ path }: Bun.BuildArtifact) =>
    Object.keys(built.metafile?.outputs[path]?.inputs ?? {}).map(within)
  // What a dynamic import names may have nothing in it but what other chunks hold.
  const entryOf = ({ path }: Bun.BuildArtifact) => {
    const entry = built.metafile?.outputs[path]?.entryPoint
    return entry === undefined ? [] : [`for ${within(entry)}`]
  }
  const chunks = built.outputs.filter(isChunk)
  const named = namesOf(chunks.map((one) => [one.path, [...inputsOf(one), ...entryOf(one)]]))
  const app = new Map<string, Node>()
  const packages = new Map<string, Node>()
  const addons = new Map<string, Node>()
  for (const output of built.outputs) {
    const inputs = inputsOf(output)
    const path = join(binFolder, named.of(output.path))
    if (output.kind === 'asset') {
      addons.set(path, file(new Uint8Array(await output.arrayBuffer())))
      continue
    }
    const ofPackages =
      output.kind !== 'entry-point' && inputs.length > 0 && inputs.every(isOfPackage)
    const part = ofPackages ? packages : app
    part.set(path, file(named.in(relocated(await output.text(), root))))
  }
  const inputs = Object.keys(built.metafile?.inputs ?? {}).map(within)
  return { app, packages, addons, inputs: inputs.sort() }
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
