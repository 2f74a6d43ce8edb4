import type { LoginDayRow } from './queries.ts'

/** By the level that the session began with. */
export const kindOf = (acr: string): LoginDayRow['kind'] =>
  Number(acr) >= 2 ? 'SECOND_FACTOR' : 'PASSWORD'

/** A place is written from the smaller to the larger: its last part is the country. Null when no place is known. */
export const countryIn = (place: string | null): string | null =>
  place?.split(',').at(-1)?.trim().slice(0, 60) || null
