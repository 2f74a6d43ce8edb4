import { join } from 'node:path'
import { z } from 'zod'
import { StartError } from '../start-error.ts'

/** The one description of our realm, for a laptop, for tests and for a cluster. */
export const realmFile = join(import.meta.dir, '../../deploy/k3s/base/auth/keycloak/realm.json')

/** As the file names it. */
export const realmName = 'plexus'

/** What the file's placeholders say. Those with a preset in the file may be left out. */
export type RealmValues = {
  /** Where browsers reach the gateway. */
  readonly PLEXUS_ORIGIN: string
  /** Where Keycloak itself reaches it. */
  readonly PLEXUS_BACKCHANNEL_ORIGIN: string
  readonly PLEXUS_WEB_SECRET: string
  readonly PLEXUS_PARTNER_SECRET: string
  readonly PLEXUS_ADMIN_SECRET: string
} & { readonly [name: string]: string }

const Realm = z.looseObject({ realm: z.string() })
export type Realm = z.infer<typeof Realm>

const placeholder = /\$\{([A-Z][A-Z0-9_]*)(?::([^}]*))?\}/g

/**
 * The realm as Keycloak itself would read the file with `values` in its environment. Throws
 * StartError that names a placeholder without a value.
 */
export async function realmFrom(values: RealmValues): Promise<Realm> {
  const text = await Bun.file(realmFile).text()
  const filled = text.replace(placeholder, (_, name: string, preset: string | undefined) => {
    const value = values[name] ?? preset
    if (value === undefined) throw new StartError(`The realm file needs a value for ${name}.`)
    return JSON.stringify(value).slice(1, -1)
  })
  return Realm.parse(JSON.parse(filled))
}
