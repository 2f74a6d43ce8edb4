import { durationFrom } from '../../i18n/format.ts'
import type { OwnService } from './query.ts'

export const locations = ['ONLINE', 'ON_SITE', 'AT_CLIENT'] as const

const textIn = (form: FormData, name: string): string => String(form.get(name) ?? '').trim()
const durationIn = (form: FormData, name: string): string => durationFrom(Number(form.get(name)))

/** What the form says of a session; what it does not show stays as it is. */
export function inputFrom(form: FormData, service: OwnService | null) {
  const kept = service && {
    id: service.id,
    bufferBefore: service.bufferBefore,
    bufferAfter: service.bufferAfter,
    horizon: service.horizon,
  }
  return {
    ...kept,
    nameFr: textIn(form, 'nameFr'),
    nameEn: textIn(form, 'nameEn'),
    descriptionFr: textIn(form, 'descriptionFr') || null,
    descriptionEn: textIn(form, 'descriptionEn') || null,
    duration: durationIn(form, 'duration'),
    capacity: Number(form.get('capacity')),
    location: locations.find((known) => known === form.get('location')) ?? 'ONLINE',
    minimumNotice: durationIn(form, 'minimumNotice'),
    cancelNotice: durationIn(form, 'cancelNotice'),
  }
}

/** A price as people write it, in the smallest unit of its currency; null when it is not one, or has too fine a part. */
export function minorUnits(text: string, digits: number): number | null {
  const [, whole, part = ''] = /^(\d{1,9})(?:[.,](\d+))?$/.exec(text.replace(/\s/g, '')) ?? []
  if (whole === undefined || part.length > digits) return null
  return Number(whole + part.padEnd(digits, '0'))
}
