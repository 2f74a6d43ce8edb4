import { readdir, readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError } from '../../stack/start-error.ts'
import { home, userId } from './list.ts'
import { file, folder, type Node, type Tree } from './tree.ts'

/** Where the packages of Debian keep what Bun needs; a machine of another kind cannot make images. */
const machines: Readonly<Record<string, { triple: string; loader: string; platform: string }>> = {
  x64: {
    triple: 'x86_64-linux-gnu',
    loader: 'lib64/ld-linux-x86-64.so.2',
    platform: 'amd64',
  },
  arm64: {
    triple: 'aarch64-linux-gnu',
    loader: 'lib/ld-linux-aarch64.so.1',
    platform: 'arm64',
  },
}

const libraries = ['libc.so.6', 'libm.so.6', 'libdl.so.2', 'libpthread.so.0']
const certificates = '/usr/share/ca-certificates/mozilla'

export type Machine = {
  readonly triple: string
  readonly loader: string
  readonly platform: string
}

/** Throws for a machine that no image can be made on. */
export function machineOf(platform: string, arch: string): Machine {
  const machine = machines[arch]
  if (platform !== 'linux' || !machine)
    throw new StartError(`Images are made on Linux on x64 or arm64, not on ${platform} on ${arch}.`)
  return machine
}

/** A file of Debian's. Throws StartError where this machine has none. */
async function systemFile(path: string): Promise<Node> {
  const real = await realpath(path).catch((cause: unknown) => {
    throw new StartError(`There is no ${path}: images are made on Debian or Ubuntu.`, { cause })
  })
  return file(await readFile(real), 0o755)
}

export const libraryFile = ({ triple }: Machine, name: string): Promise<Node> =>
  systemFile(`/lib/${triple}/${name}`)

/** Whom Mozilla trusts, and nobody whom only this machine trusts. */
async function trusted(): Promise<string> {
  const names = (await readdir(certificates)).filter((name) => name.endsWith('.crt')).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(certificates, name), 'utf8')))
  return texts.map((text) => `${text.trim()}\n`).join('')
}

const shell = '/sbin/nologin'
const accounts = [
  ['root', 0, '/'],
  ['plexus', userId, home],
] as const

const passwd = accounts.map(([name, id, at]) => `${name}:x:${id}:${id}:${name}:${at}:${shell}\n`)
const group = accounts.map(([name, id]) => `${name}:x:${id}:\n`)

/**
 * What every service runs on, the same bytes in all of them: five files of libc, certificates, Bun.
 * No shell, no package manager, nothing that is set-user-id.
 */
export async function runtimeTree(machine: Machine, bun: string): Promise<Tree> {
  const named = await Promise.all(
    libraries.map(
      async (name) => [`lib/${machine.triple}/${name}`, await libraryFile(machine, name)] as const,
    ),
  )
  return new Map<string, Node>([
    ...named,
    [machine.loader, await systemFile(`/${machine.loader}`)],
    ['etc/ssl/certs/ca-certificates.crt', file(await trusted())],
    ['etc/passwd', file(passwd.join(''))],
    ['etc/group', file(group.join(''))],
    ['etc/nsswitch.conf', file('hosts: files dns\n')],
    ['tmp', folder(0o1777)],
    ['usr/local/bin/bun', file(await readFile(bun), 0o755)],
  ])
}
