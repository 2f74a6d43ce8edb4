import { z } from 'zod'
import { type UserError, userError } from '#kit/user-error'
import type { Role } from '#schema/scopes'

/**
 * Lengths count Unicode code points. No rules of composition and no expiry: they make passwords worse.
 * Source: NIST SP 800-63B-4, 3.1.1.2.
 */
export const passwordPolicy = { minLength: 12, maxLength: 128, refusesGuessable: true } as const

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

const wellKnown = [
  'password',
  'motdepasse',
  'administrator',
  'administrateur',
  'azertyuiop',
  'qsdfghjklm',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'azerty',
  'qwerty',
  'abcdefghijklm',
  'nopqrstuvwxyz',
  'letmein',
  'welcome',
  'bienvenue',
  'iloveyou',
  'jetaime',
  'soleil',
  'doudou',
  'plexus',
] as const

/** What of the password is left without its digits and every known word, longest words first. */
function unguessable(password: string, known: readonly string[]): string {
  const words = [...wellKnown, ...known.map((word) => word.toLowerCase())]
  return words
    .filter((word) => word.length >= 4)
    .sort((one, other) => other.length - one.length)
    .reduce((rest, word) => rest.replaceAll(word, ''), password.toLowerCase())
    .replace(/\d/g, '')
}

const distinct = (text: string) => new Set(text).size

/** Null when the password may be used. `known` are words an attacker tries first: the name, the e-mail. */
export function passwordFault(password: string, known: readonly string[]): string | null {
  const length = [...password.normalize('NFKC')].length
  if (length < passwordPolicy.minLength) {
    return `Choose a password of at least ${passwordPolicy.minLength} characters.`
  }
  if (length > passwordPolicy.maxLength) {
    return `Choose a password of at most ${passwordPolicy.maxLength} characters.`
  }
  if (distinct(password) < 5 || distinct(unguessable(password, known)) < 4) {
    return 'This password is too easy to guess. Choose, for example, four unrelated words.'
  }
  return null
}

/** The shape that every room expects of an address in an event. */
const Email = z.email().max(254)
const control = /\p{Cc}|\p{Cf}/u

const mayBeName = (name: string) =>
  name.length >= 1 && [...name].length <= 120 && !control.test(name)

const wordsOf = ({ email, displayName }: AccountInput) => [
  email,
  ...email.split(/[@.+_-]/),
  ...displayName.split(/\s+/),
]

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
  { member: 'password', fault: (input) => passwordFault(input.password, wordsOf(input)) },
]

/** The account that can be created, or the first fault with its path. Blanks around a name or e-mail go. */
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
