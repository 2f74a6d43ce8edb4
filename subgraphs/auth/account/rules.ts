import { z } from 'zod'
import { type UserError, userError } from '#kit/user-error'
import type { Role } from '#schema/scopes'

/** Seconds an e-mail is locked after its n-th failure in a row; the last row holds for every later one. */
export const lockSeconds = [0, 0, 0, 0, 30, 60, 120, 240, 480, 900] as const

/** Failures in a row are forgotten after this time without another one. */
export const failuresForgottenAfterHours = 24

export const locales = ['fr', 'en'] as const
export type Locale = (typeof locales)[number]

/** An account as somebody asks for it; `accountDraftFrom` decides whether it can be one. */
export type AccountDraft = {
  email: string
  displayName: string
  password: string
  locale: Locale
  roles: Role[]
}
type AccountInput = {
  email: string
  displayName: string
  password: string
  locale?: string | null | undefined
  roles: readonly Role[]
}

/** RFC 5321, section 4.5.3.1.1. */
const localPartMax = 64

/** The shape that every room expects of an address in an event. */
export const Email = z
  .email()
  .max(254)
  .refine((email) => email.indexOf('@') <= localPartMax)
const control = /\p{Cc}|\p{Cf}/u

const mayBeName = (name: string) =>
  name.length >= 1 && [...name].length <= 120 && !control.test(name)

export const isLocale = (text: string): text is Locale => locales.some((locale) => locale === text)

type Check = { member: keyof AccountInput; fault: (input: AccountInput) => string | null }
/** In the order of the form. */
const checks: readonly Check[] = [
  {
    member: 'email',
    fault: ({ email }) =>
      Email.safeParse(email).success ? null : 'This is not an e-mail address.',
  },
  {
    member: 'displayName',
    fault: ({ displayName }) =>
      mayBeName(displayName) ? null : 'A name has 1 to 120 characters, none of them invisible.',
  },
  {
    member: 'locale',
    fault: ({ locale }) =>
      isLocale(locale ?? 'fr') ? null : `Choose one of these languages: ${locales.join(', ')}.`,
  },
  {
    member: 'roles',
    fault: ({ roles }) => (roles.length > 0 ? null : 'Choose at least one role.'),
  },
]

/**
 * The account that can be created, or the first fault with its path; the password is judged apart.
 * Blanks around a name or e-mail go.
 */
export function accountDraftFrom(given: AccountInput): AccountDraft | UserError<'ValidationError'> {
  const input = { ...given, email: given.email.trim(), displayName: given.displayName.trim() }
  for (const { member, fault } of checks) {
    const message = fault(input)
    if (message) return userError('ValidationError', message, [member])
  }
  const locale = input.locale ?? 'fr'
  const { email, displayName, password } = input
  return {
    email,
    displayName,
    password,
    locale: isLocale(locale) ? locale : 'fr',
    roles: [...new Set(input.roles)],
  }
}
