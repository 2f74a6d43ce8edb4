import type { LoginDayRow } from './queries.ts'

/** By the level that the session began with, unless nobody proved anything. */
export function kindOf({ acr, silent }: { acr: string; silent: boolean }): LoginDayRow['kind'] {
  if (silent) return 'SILENT'
  return Number(acr) >= 2 ? 'SECOND_FACTOR' : 'PASSWORD'
}

/** A place is written from the smaller to the larger: its last part is the country. Null when no place is known. */
export const countryIn = (place: string | null): string | null =>
  place?.split(',').at(-1)?.trim().slice(0, 60) || null
