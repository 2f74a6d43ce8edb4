import type { Tone } from '../../ui/badge.tsx'
import type { Person, Role } from './query.ts'

/** What a person may be given here; programs get theirs as API clients. */
export const personRoles = [
  'CLIENT',
  'COACH',
  'COMPANY_ADMIN',
  'SUPPORT',
  'ADMIN',
] as const satisfies readonly Role[]

export const statusTones: Record<Person['status'], Tone> = {
  ACTIVE: 'positive',
  INVITED: 'accent',
  SUSPENDED: 'caution',
  ERASED: 'neutral',
}
