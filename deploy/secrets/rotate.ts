import { StartError } from '../../stack/start-error.ts'
import { newServerCertificate } from './authority.ts'
import {
  isPasswordName,
  isRingName,
  type Material,
  newIdentityKey,
  newPassword,
  passwordNames,
  ringEntry,
  ringNames,
} from './material.ts'

/** The next material, and what a person does with it. */
export type Rotation = { readonly material: Material; readonly advice: string }

const keptInRing = 2

/** What the key before has encrypted is still read; what the one before that has, no more. */
function ringRotation(material: Material, name: (typeof ringNames)[number], now: Date): Rotation {
  const ring = [ringEntry(now), ...material.rings[name].split(',')].slice(0, keptInRing).join(',')
  return {
    material: { ...material, rings: { ...material.rings, [name]: ring } },
    advice: 'Apply it and restart whoever reads it. The key before is still read.',
  }
}

/** In two steps, since a subgraph must trust a key before the gateway signs with it. */
async function identityRotation(material: Material): Promise<Rotation> {
  const { signing, next } = material.identity
  if (next) {
    return {
      material: { ...material, identity: { signing: next, next: null, previous: signing } },
      advice: 'Apply it and restart the gateway, which signs with the new key now.',
    }
  }
  return {
    material: {
      ...material,
      identity: { signing, next: await newIdentityKey(), previous: null },
    },
    advice:
      'Apply it and restart the subgraphs, which trust the next key then. After that run the same ' +
      'command again: the gateway signs with it.',
  }
}

async function certificateRotation(material: Material): Promise<Rotation> {
  return {
    material: { ...material, server: await newServerCertificate(material.authority) },
    advice: 'Apply it; PostgreSQL reads its certificate again when it is told to (pg_reload_conf).',
  }
}

/** Where a new value is not enough, since a program keeps the old one in its own data. */
const passwordAdvice: Readonly<Record<string, string>> = {
  postgres: 'First `alter role postgres password …` with the new value, then apply it.',
  'keycloak-admin': 'It is read once, at the first start: change it in the console as well.',
  'web-client': 'Change the secret of plexus-web in the console, then apply it.',
  'accounts-client': 'Change the secret of plexus-admin in the console, then apply it.',
  'partner-client': 'Change the secret of plexus-partner in the console, then apply it.',
  'backup-cipher':
    'Backups so far need the old one, which the history of this file keeps: begin a new repository.',
}
const otherwise = 'Apply it, run the job `migrate` again, and restart whoever reads it.'

function passwordRotation(material: Material, name: (typeof passwordNames)[number]): Rotation {
  return {
    material: { ...material, passwords: { ...material.passwords, [name]: newPassword() } },
    advice: passwordAdvice[name] ?? otherwise,
  }
}

/** What may be named. */
export const rotatable = [...passwordNames, ...ringNames, 'identity', 'server-certificate']

/** Makes one of them new and leaves the rest. Throws StartError for a name that is none. */
export async function rotated(material: Material, name: string, now: Date): Promise<Rotation> {
  if (isRingName(name)) return ringRotation(material, name, now)
  if (isPasswordName(name)) return passwordRotation(material, name)
  if (name === 'identity') return identityRotation(material)
  if (name === 'server-certificate') return certificateRotation(material)
  throw new StartError(`"${name}" cannot be rotated. There are: ${rotatable.join(', ')}.`)
}
