import { readFileSync } from 'node:fs'
import { type CityResponse, Reader } from 'mmdb-lib'

/** `FR`, or `Lyon, FR` where the file knows towns; null for an address that it does not know. */
export type PlaceOf = (address: string) => string | null

const lengthMax = 120

/** Reads the whole file once. Throws when it cannot be read, or is no MaxMind database. */
export function placesFrom(file: string | null): PlaceOf {
  if (file === null) return () => null
  const reader = new Reader<CityResponse>(readFileSync(file))
  return (address) => {
    const found = placeIn(reader, address)
    const country = found?.country?.iso_code
    if (!country) return null
    return [found?.city?.names.en, country].filter(Boolean).join(', ').slice(-lengthMax)
  }
}

/** Null also for what is no address. */
function placeIn(reader: Reader<CityResponse>, address: string): CityResponse | null {
  try {
    return reader.get(address)
  } catch {
    return null
  }
}
