import { AppError } from '#kit/errors'
import type { Stage } from '../exchange.ts'
import type { Client, Registry } from './registry.ts'
import { clientsOf } from './select.ts'

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

type Published = { readonly registry: Pick<Registry, 'all'>; readonly webClientId: string }

export const unknownVersion = (version: number, newest: number) =>
  new AppError(
    'UNKNOWN_VERSION',
    `There is no version ${version}: ask for ${newest === 1 ? '1' : `1 to ${newest}`}.`,
  )

/** Refuses whoever names a version in `Accept` that none of their operations has, on every face. */
export const knownVersions =
  ({ registry, webClientId }: Published, faces: Stage): Stage =>
  async (exchange, next) => {
    const { version } = exchange
    if (version === null) return faces(exchange, next)
    const newest = newestVersion(registry, clientsOf(exchange, webClientId))
    if (version < 1 || version > newest) throw unknownVersion(version, newest)
    return faces(exchange, next)
  }
