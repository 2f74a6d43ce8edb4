import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { type CityResponse, Reader } from 'mmdb-lib'
import { unmapped } from './session-network.ts'

/** `FR`, or `Lyon, FR` where the file knows towns; null for an address that it does not know. */
export type PlaceOf = (address: string) => string | null

const lengthMax = 120

/** Reads the whole file once. Throws when it cannot be read, or is no MaxMind database. */
export function placesFrom(file: string | null): PlaceOf {
  if (file === null) return () => null
  const reader = new Reader<CityResponse>(readFileSync(file))
  return (address) => {
    const own = unmapped(address)
    const found = isKnownTo(reader, own) ? reader.get(own) : null
    const country = found?.country?.iso_code
    if (!country) return null
    return [found?.city?.names.en, country].filter(Boolean).join(', ').slice(-lengthMax)
  }
}

/** The reader takes any text for an address, and one of IPv6 for the beginning of one of IPv4. */
function isKnownTo({ metadata }: Reader<CityResponse>, address: string): boolean {
  const version = isIP(address)
  return version === 4 || (version === 6 && metadata.ipVersion === 6)
}
