import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, readFile, realpath, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { withFileLock } from '../../../stack/file-lock.ts'
import { keycloakDistribution } from '../../../stack/keycloak/distribution.ts'
import { program } from '../../../stack/program.ts'
import { folder, type Tree } from '../../images/tree.ts'
import type { StandIn } from './image.ts'
import { accounts, folderNodes, librariesOf, nodeOf } from './tree.ts'

const home = 'opt/keycloak'
const userId = 1_000

/** Built by the options of the image that it stands for, which are written in one place. */
async function buildFlags(): Promise<string[]> {
  const text = await readFile(join(import.meta.dir, '../../keycloak/Dockerfile'), 'utf8')
  return [...text.matchAll(/^\s+(--[a-z]\S+)/gm)].map(([, flag = '']) => flag)
}

/** Built once for each way of building it; afterwards nothing is asked of the network. */
export async function builtKeycloak(): Promise<string> {
  const { folder: original } = await keycloakDistribution()
  const flags = await buildFlags()
  const way = createHash('sha256').update(flags.join(' ')).digest('hex').slice(0, 8)
  const place = join(dirname(original), `stand-in-${basename(original)}-${way}`)
  await withFileLock(`${place}.lock`, async () => {
    if (existsSync(place)) return
    const aside = `${place}.new`
    await rm(aside, { recursive: true, force: true })
    const isOurs = (path: string) => !['prepared', 'ready', 'data'].includes(basename(path))
    await cp(original, aside, { recursive: true, filter: isOurs })
    await program([join(aside, 'bin/kc.sh'), 'build', ...flags])
    await rename(aside, place)
  })
  return place
}

/** Where the Java of this machine is, behind all links. */
const javaHome = async () => dirname(dirname(await realpath(Bun.which('java') ?? '/usr/bin/java')))

const notNeeded = ['jmods', 'man', 'legal', 'include', 'docs', 'src.zip', 'ct.sym']

async function tree(): Promise<Tree> {
  const java = await javaHome()
  const libraries = [...new Bun.Glob('lib/**/*.so').scanSync({ cwd: java, absolute: true })]
  const linked = libraries.filter((path) => !/awt_xawt|splashscreen|jsound|atk/.test(path))
  return new Map([
    ...(await folderNodes({ from: await builtKeycloak(), to: home })),
    ...(await folderNodes({ from: java, to: java.slice(1), without: notNeeded })),
    ...(await librariesOf([join(java, 'bin/java'), '/bin/dash', ...linked])),
    ['bin/sh', await nodeOf('/bin/dash')],
    ['entry', await nodeOf(join(import.meta.dir, 'keycloak-entry.sh'))],
    ...accounts('keycloak', userId),
    [`${home}/data`, folder(0o777)],
    ['tmp', folder(0o1777)],
  ])
}

/** Keycloak from Maven on the Java of Debian. */
export async function keycloak(): Promise<StandIn> {
  const java = await javaHome()
  return {
    name: 'localhost/stand-in/keycloak:26',
    run: {
      User: `${userId}:${userId}`,
      WorkingDir: `/${home}`,
      Env: [`PATH=${java}/bin:/bin`, `JAVA_HOME=${java}`],
      Entrypoint: ['/bin/sh', '/entry'],
    },
    tree,
  }
}
