import { type UserError, userError } from '#kit/user-error'

export const locations = ['ONLINE', 'ON_SITE', 'AT_CLIENT'] as const
export type LocationKind = (typeof locations)[number]

/** Text in both languages of the product; a description may lack either. */
export type Texts = { readonly fr?: string | null; readonly en?: string | null }

export type ServiceTerms = {
  name: { fr: string; en: string }
  description: Texts
  location: LocationKind
  minutes: number
  stepMinutes: number
  capacity: number
  bufferBeforeMinutes: number
  bufferAfterMinutes: number
  noticeMinutes: number
  horizonDays: number
  cancelNoticeMinutes: number
}

type Optional<T> = { [Key in keyof T]?: T[Key] | null | undefined }

/** Durations are whole minutes. What is absent stays as it is, or takes its default in a new service. */
export type ServiceInput = {
  nameFr: string
  nameEn: string
  duration: number
} & Optional<{
  capacity: number
  location: LocationKind
  descriptionFr: string
  descriptionEn: string
  step: number
  bufferBefore: number
  bufferAfter: number
  minimumNotice: number
  horizon: number
  cancelNotice: number
}>

/** Archived ones count: they are kept for the bookings that were made. */
export const servicesMax = 200

const dayMinutes = 1440

type Bounds = { min: number; max: number; says: string }

/** The database checks the same bounds; these are the sentences. */
const bounds = {
  duration: { min: 5, max: 720, says: 'A session lasts 5 minutes to 12 hours.' },
  step: { min: 5, max: 720, says: 'Starts are 5 minutes to 12 hours apart.' },
  capacity: { min: 1, max: 500, says: 'A session has 1 to 500 seats.' },
  bufferBefore: { min: 0, max: 240, says: 'A buffer lasts at most 4 hours.' },
  bufferAfter: { min: 0, max: 240, says: 'A buffer lasts at most 4 hours.' },
  minimumNotice: { min: 0, max: 43_200, says: 'The notice is at most 30 days.' },
  horizon: { min: dayMinutes, max: 365 * dayMinutes, says: 'The horizon is 1 to 365 days.' },
  cancelNotice: { min: 0, max: 43_200, says: 'The notice is at most 30 days.' },
} satisfies Partial<Record<keyof ServiceInput, Bounds>>

/** What a new service gets where its coach says nothing. */
export const defaultTerms = {
  description: {},
  location: 'ONLINE',
  stepMinutes: 15,
  capacity: 1,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  noticeMinutes: 120,
  horizonDays: 60,
  cancelNoticeMinutes: dayMinutes,
} as const satisfies Partial<ServiceTerms>

const fault = (part: keyof ServiceInput, message: string) =>
  userError('ValidationError', message, [part])

const isBetween = (value: number, { min, max }: Bounds) =>
  Number.isInteger(value) && value >= min && value <= max

function boundsFault(input: ServiceInput): UserError<'ValidationError'> | null {
  for (const part of Object.keys(bounds) as (keyof typeof bounds)[]) {
    const value = input[part]
    if (typeof value === 'number' && !isBetween(value, bounds[part])) {
      return fault(part, bounds[part].says)
    }
  }
  const { horizon } = input
  return typeof horizon === 'number' && horizon % dayMinutes !== 0
    ? fault('horizon', 'The horizon is in whole days, for example P60D.')
    : null
}

const hasLength = (text: string, min: number, max: number) => {
  const { length } = text.trim()
  return length >= min && length <= max
}

function textFault(input: ServiceInput): UserError<'ValidationError'> | null {
  for (const part of ['nameFr', 'nameEn'] as const) {
    if (!hasLength(input[part], 1, 120)) return fault(part, 'A name has 1 to 120 characters.')
  }
  for (const part of ['descriptionFr', 'descriptionEn'] as const) {
    if (!hasLength(input[part] ?? '', 0, 4_000)) {
      return fault(part, 'A description has at most 4000 characters.')
    }
  }
  return null
}

/** The first fault of a service as its coach sends it; null when it can be kept. */
export const serviceFault = (input: ServiceInput) => textFault(input) ?? boundsFault(input)

/** The terms after the change. Expects an input without fault. */
export function termsFrom(input: ServiceInput, current: ServiceTerms | null): ServiceTerms {
  const before = current ?? defaultTerms
  const { horizon } = input
  return {
    name: { fr: input.nameFr.trim(), en: input.nameEn.trim() },
    description: {
      fr: input.descriptionFr?.trim() ?? current?.description.fr ?? null,
      en: input.descriptionEn?.trim() ?? current?.description.en ?? null,
    },
    location: input.location ?? before.location,
    minutes: input.duration,
    stepMinutes: input.step ?? before.stepMinutes,
    capacity: input.capacity ?? before.capacity,
    bufferBeforeMinutes: input.bufferBefore ?? before.bufferBeforeMinutes,
    bufferAfterMinutes: input.bufferAfter ?? before.bufferAfterMinutes,
    noticeMinutes: input.minimumNotice ?? before.noticeMinutes,
    horizonDays: typeof horizon === 'number' ? horizon / dayMinutes : before.horizonDays,
    cancelNoticeMinutes: input.cancelNotice ?? before.cancelNoticeMinutes,
  }
}

/** In the asked language, or the other one where it is not written; null when neither is. */
export function textIn(texts: Texts, locale: string): string | null {
  const { fr, en } = texts
  return (locale.toLowerCase().startsWith('en') ? en || fr : fr || en) || null
}
