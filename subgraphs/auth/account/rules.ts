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

export type AccountInput = {
  email: string
  displayName: string
  password: string
  locale: string
  roles: readonly Role[]
}
/** `path` leads from the input object to the member at fault. */
export type Fault = { path: readonly [keyof AccountInput]; message: string }

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
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  '98765432100',
  'letmein',
  'welcome',
  'bienvenue',
  'iloveyou',
  'jetaime',
  'soleil',
  'doudou',
  'plexus',
] as const

/** What of the password is left once every run of a known word is taken out, longest words first. */
function unguessable(password: string, known: readonly string[]): string {
  const words = [...wellKnown, ...known.map((word) => word.toLowerCase())]
  return words
    .filter((word) => word.length >= 4)
    .sort((one, other) => other.length - one.length)
    .reduce((rest, word) => rest.replaceAll(word, ''), password.toLowerCase())
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

const emailShape =
  /^[^\s@"(),:;<>[\\\]]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/i
const control = /\p{Cc}|\p{Cf}/u

const mayBeEmail = (email: string) =>
  email.length <= 254 && email.indexOf('@') <= 64 && emailShape.test(email)

const mayBeName = (name: string) =>
  name.trim() === name && name.length >= 1 && [...name].length <= 120 && !control.test(name)

const wordsOf = ({ email, displayName }: AccountInput) => [
  email,
  ...email.split(/[@.+_-]/),
  ...displayName.split(/\s+/),
]

type Check = (input: AccountInput) => string | null
const checks: { [Member in keyof AccountInput]: Check } = {
  email: ({ email }) => (mayBeEmail(email) ? null : 'This is not an e-mail address.'),
  displayName: ({ displayName }) =>
    mayBeName(displayName) ? null : 'A name has 1 to 120 characters, none of them invisible.',
  locale: ({ locale }) =>
    isLocale(locale) ? null : `Choose one of these languages: ${locales.join(', ')}.`,
  roles: ({ roles }) => (roles.length > 0 ? null : 'Choose at least one role.'),
  password: (input) => passwordFault(input.password, wordsOf(input)),
}

export const isLocale = (text: string): text is Locale => locales.some((locale) => locale === text)

// Object.entries forgets the names of the keys; the table above has exactly these.
const rows = Object.entries(checks) as [keyof AccountInput, Check][]

/** The first fault in the order of the form, or null. */
export function accountFault(input: AccountInput): Fault | null {
  for (const [member, check] of rows) {
    const message = check(input)
    if (message) return { path: [member], message }
  }
  return null
}
