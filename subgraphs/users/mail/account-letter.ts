import type { LetterKind } from '#kit/letter'
import { accountGreeting, accountPhrases, accountWhy } from './account-phrases.ts'
import { type Letter, tidy } from './letter.ts'
import type { Language } from './moment.ts'
import { phrases } from './phrases.ts'

/** Where each letter leads. */
const paths: Readonly<Record<LetterKind, string>> = {
  VERIFY_EMAIL: '/verify',
  RESET_PASSWORD: '/reset',
  ACCOUNT_EXISTS: '/login',
  PASSWORD_CHANGED: '/reset',
  TOTP_ENABLED: '/security',
  TOTP_DISABLED: '/security',
  PASSKEY_ADDED: '/security',
  PASSKEY_REMOVED: '/security',
  RECOVERY_CODES_REPLACED: '/security',
  RECOVERY_CODE_USED: '/security',
}

export type AboutAccount = {
  readonly kind: LetterKind
  readonly language: Language
  /** Null for a letter that a stranger can have sent: the name may be theirs, and an advertisement. */
  readonly readerName: string | null
  readonly publicOrigin: string
  /** Of a letter whose link works once; null for the others. */
  readonly token: string | null
}

/**
 * A token stands in the fragment: a browser sends that to no server, in no Referer and into no log.
 * The page there spends it, when somebody presses its button and not when a scanner opens the link.
 */
export function linkOf({ kind, publicOrigin, token }: AboutAccount): string {
  const url = new URL(paths[kind], publicOrigin)
  if (token !== null) url.hash = `token=${token}`
  return url.href
}

/** What one reader is told about their account. */
export function accountLetterFor(about: AboutAccount): Letter {
  const { kind, language, readerName } = about
  const say = accountPhrases[language][kind]
  return {
    language,
    subject: say.subject,
    greeting:
      readerName === null
        ? accountGreeting[language]
        : phrases[language].greeting(tidy(readerName)),
    lead: say.lead,
    rows: [],
    action: { label: say.action, url: linkOf(about) },
    notes: [...say.notes, accountWhy[language]],
  }
}
