import { join } from 'node:path'

/** What is asked for only once when several clients want the same at the same time. */
export const sharings = ['none', 'subgraph', 'client'] as const
export type Sharing = (typeof sharings)[number]

export type Row = {
  readonly name: string
  /** The ways of sharing that it has by configuration. */
  readonly sharings: readonly Sharing[]
  command(place: Place): {
    readonly command: readonly string[]
    readonly cwd: string
    readonly env: Env
  }
}

type Env = Record<string, string>

type Place = { readonly supergraphFile: string; readonly port: number; readonly sharing: Sharing }

const root = join(import.meta.dir, '../..')
const peers = join(import.meta.dir, 'peers')
const hive = join(peers, 'node_modules/@graphql-hive/gateway/dist/bin.js')

/** The stand-alone gateway. Peers write no line for each request either, so it says warnings only. */
const ours = (engine: string, shares: readonly Sharing[]): Row => ({
  name: `ours: ${engine}`,
  sharings: shares,
  command: ({ supergraphFile, port, sharing }) => ({
    command: [
      ...[process.execPath, join(root, 'stack/gateway.ts')],
      ...['--supergraph', supergraphFile, '--port', String(port)],
    ],
    cwd: root,
    env: {
      ...{ ENGINE: engine, LOG_LEVEL: 'warn' },
      SUBGRAPH_SHARING: String(sharing === 'subgraph'),
      CLIENT_SHARING: String(sharing === 'client'),
    },
  }),
})

/** The engine alone behind a port: the stand-alone gateway asks over the network only. */
const inProcess: Row = {
  name: 'ours: compiled, the engine alone, subgraphs in process',
  sharings: ['none'],
  command: ({ supergraphFile, port }) => ({
    command: [process.execPath, join(import.meta.dir, 'own.ts'), supergraphFile, String(port)],
    cwd: root,
    env: { ENGINE: 'compiled', WAY: 'local', SHARING: 'none' },
  }),
}

const hiveOn = (runtime: string, planner: 'rust' | 'stitching'): Row => ({
  name: `Hive Gateway, ${planner === 'rust' ? 'Rust planner' : 'stitching'}, ${runtime}`,
  sharings,
  command: ({ supergraphFile, port, sharing }) => ({
    command: [
      ...[
        runtime === 'Bun' ? process.execPath : 'node',
        hive,
        'supergraph',
        '-c',
        'hive.config.mjs',
      ],
      ...(planner === 'rust' ? ['--hive-router-runtime'] : []),
    ],
    cwd: peers,
    env: { SUPERGRAPH: supergraphFile, PORT: String(port), SHARING: sharing, PLANNER: planner },
  }),
})

const apollo: Row = {
  name: 'Apollo Gateway, Node',
  sharings: ['none'],
  command: ({ supergraphFile, port }) => ({
    command: ['node', 'apollo.mjs', supergraphFile, String(port)],
    cwd: peers,
    env: {},
  }),
}

/** By the name that `--rows` takes. */
export const rows = {
  compiled: ours('compiled', sharings),
  'in-process': inProcess,
  stitched: ours('stitched', ['none']),
  'hive-rust-bun': hiveOn('Bun', 'rust'),
  'hive-rust-node': hiveOn('Node', 'rust'),
  'hive-bun': hiveOn('Bun', 'stitching'),
  'hive-node': hiveOn('Node', 'stitching'),
  apollo,
} satisfies Record<string, Row>

export type RowName = keyof typeof rows
