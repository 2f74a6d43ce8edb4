import { databaseServices, subgraphs } from '#schema/subgraphs'

/** Where the images are published; a manifest writes `plexus/<name>` and a component turns it into this. */
export const repository = 'ghcr.io/plexus-platform'

/** Where the application is inside an image; what it reads by a relative path is below. */
export const home = '/app'

/** Nobody: no name outside, no shell, no right to anything that is not theirs. */
export const userId = 65_532

export type ImageSource = {
  readonly name: string
  readonly title: string
  /** The module that is bundled, as a path in this repository. */
  readonly entry: string
  /** Folders and files that are read while it runs, as they lie in this repository. */
  readonly files: readonly string[]
  /** True for what people reach: it serves the built client, and its graph was held against our operations. */
  readonly hasGateway: boolean
}

const graphFiles = ['schema/supergraph.graphql', 'schema/operations.json', 'schema/contracts']
const migrations = databaseServices.map((name) =>
  name === 'gateway' ? 'gateway/migrations' : `subgraphs/${name}/migrations`,
)

/** What a subgraph reads beside its code; most read nothing. */
const filesOf: Readonly<Record<string, readonly string[]>> = { auth: graphFiles }

/** One row an image; everything that builds, names, pins or copies images goes through it. */
export const images: readonly ImageSource[] = [
  {
    name: 'gateway',
    title: 'Plexus gateway and web client',
    entry: 'gateway/main.ts',
    files: graphFiles,
    hasGateway: true,
  },
  ...subgraphs.map(({ name }) => ({
    name,
    title: `Plexus subgraph ${name}`,
    entry: `subgraphs/${name}/main.ts`,
    files: filesOf[name] ?? [],
    hasGateway: false,
  })),
  {
    name: 'migrate',
    title: 'Plexus database: platform and migrations, once',
    entry: 'stack/migrate.ts',
    files: migrations,
    hasGateway: false,
  },
  {
    name: 'plexus',
    title: 'Plexus, the whole graph in one process',
    entry: 'stack/one.ts',
    files: graphFiles,
    hasGateway: true,
  },
]
