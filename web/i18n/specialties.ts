import type { MessageId } from './text.ts'

/** Specialties with a translated name. A coach may write another one: it is shown as written. */
export const specialties = {
  sleep: 'specialty.sleep',
  stress: 'specialty.stress',
  burnout: 'specialty.burnout',
  nutrition: 'specialty.nutrition',
  yoga: 'specialty.yoga',
  meditation: 'specialty.meditation',
  breathing: 'specialty.breathing',
  fitness: 'specialty.fitness',
  mobility: 'specialty.mobility',
  career: 'specialty.career',
  leadership: 'specialty.leadership',
  parenting: 'specialty.parenting',
} as const satisfies Record<string, MessageId>

export type Specialty = keyof typeof specialties

const isKnown = (code: string): code is Specialty => Object.hasOwn(specialties, code)

export const specialtyName = (code: string, t: (id: MessageId) => string): string =>
  isKnown(code) ? t(specialties[code]) : code.charAt(0).toUpperCase() + code.slice(1)
