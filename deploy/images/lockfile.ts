import { join } from 'node:path'
import { z } from 'zod'

const Detail = z.looseObject({ dependencies: z.record(z.string(), z.string()).optional() })
const Row = z.tuple([z.string(), z.string(), Detail, z.string()]).rest(z.unknown())
const Lockfile = z.object({
  packages: z.record(z.string(), z.array(z.unknown())),
  patchedDependencies: z.record(z.string(), z.string()).default({}),
})

export type Package = {
  /** Where it is installed, without `node_modules`: `a/b` is the b that a has for itself. */
  readonly place: string
  readonly name: string
  readonly version: string
  /** As npm writes it: `sha512-…` in base64. */
  readonly integrity: string
  readonly dependencies: readonly string[]
  readonly isPatched: boolean
}

export type Lock = ReadonlyMap<string, Package>

function packageFrom(place: string, row: unknown, patched: ReadonlySet<string>): Package | null {
  const parsed = Row.safeParse(row)
  if (!parsed.success) return null
  const [identity, , detail, integrity] = parsed.data
  const at = identity.lastIndexOf('@')
  return {
    ...{ place, integrity, isPatched: patched.has(identity) },
    name: identity.slice(0, at),
    version: identity.slice(at + 1),
    dependencies: Object.keys(detail.dependencies ?? {}),
  }
}

/** Every package that `bun.lock` names, by where it is installed. */
export function lockFrom(text: string): Lock {
  const { packages, patchedDependencies } = Lockfile.parse(Bun.JSONC.parse(text))
  const patched = new Set(Object.keys(patchedDependencies))
  const rows = Object.entries(packages).map(([place, row]) => packageFrom(place, row, patched))
  return new Map(rows.flatMap((row) => (row ? [[row.place, row] as const] : [])))
}

/** The places above one: `a/b/c` has `a/b` and `a`; a scope is a part of its name. */
function above(place: string): string | null {
  const parts = place.match(/(@[^/]+\/)?[^/]+/g) ?? []
  return parts.length > 1 ? parts.slice(0, -1).join('/') : null
}

/** As Node looks for it: beside whoever asks, then further up. */
export function found(lock: Lock, from: string | null, name: string): Package | null {
  for (let place = from; place !== null; place = above(place)) {
    const own = lock.get(`${place}/${name}`)
    if (own) return own
  }
  return lock.get(name) ?? null
}

/** These packages and all that they may load. */
export function closure(lock: Lock, names: Iterable<string>): Package[] {
  const seen = new Map<string, Package>()
  const take = (one: Package | null) => {
    if (!one || seen.has(one.place)) return
    seen.set(one.place, one)
    for (const name of one.dependencies) take(found(lock, one.place, name))
  }
  for (const name of names) take(found(lock, null, name))
  return [...seen.values()]
}

const installedPath = /node_modules\/((?:@[^/]+\/)?[^/]+)/g

/** The packages that a bundler took these files from. */
export function packagesOf(lock: Lock, inputs: readonly string[]): Package[] {
  const places = inputs.map((input) =>
    [...input.matchAll(installedPath)].map(([, name]) => name).join('/'),
  )
  return [...new Set(places)].flatMap((place) => lock.get(place) ?? [])
}

/** What its package.json says, as SPDX writes it; null where it says nothing that can be read. */
export async function licenseOf(root: string, { place }: Package): Promise<string | null> {
  const folders = place.match(/(@[^/]+\/)?[^/]+/g) ?? []
  const path = join(root, 'node_modules', folders.join('/node_modules/'), 'package.json')
  const { license } = await Bun.file(path)
    .json()
    .catch(() => ({}))
  return typeof license === 'string' ? license : null
}
