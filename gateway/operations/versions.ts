import type { Client, Registry } from './registry.ts'

/** An operation as addresses know it, whichever of its versions it is. */
export type VersionedName = { readonly base: string; readonly version: number }

/** Two digits at most: `Sha256V2024` is a name and not the two thousandth version of anything. */
const versioned = /^(.+[^V])V([1-9]\d?)$/

/** `PartnerCoachesV2` is version 2 of `PartnerCoaches`; a name that says nothing is version 1. */
export function versionedNameOf(name: string): VersionedName {
  const [, base = name, version = '1'] = versioned.exec(name) ?? []
  return { base, version: Number(version) }
}

/** `PartnerCoaches` as `partner-coaches`, `Generate2fa` as `generate-2fa`. */
export const kebabOf = (name: string): string =>
  name
    .replace(/([a-z])([A-Z\d])|([A-Z\d])(?=[A-Z][a-z])|(\d)(?=[A-Z])/g, (text, a, b) =>
      a === undefined ? `${text}-` : `${a}-${b}`,
    )
    .replaceAll(/_+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .toLowerCase()

/** The newest version that any operation of these clients has; 1 where none says more. */
export const newestVersion = (registry: Pick<Registry, 'all'>, clients: readonly Client[]) =>
  Math.max(
    1,
    ...registry
      .all()
      .filter(({ client }) => clients.includes(client))
      .map(({ name }) => versionedNameOf(name).version),
  )
