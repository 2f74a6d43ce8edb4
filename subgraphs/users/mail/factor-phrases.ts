import type { FactorLetterKind } from '#kit/letter'
import type { Language } from './moment.ts'

export type AccountPhrases = {
  readonly subject: string
  readonly lead: string
  readonly action: string
  readonly notes: readonly string[]
}

const fr = (subject: string, lead: string): AccountPhrases => ({
  subject,
  lead,
  action: 'Vérifier la sécurité de mon compte',
  notes: [
    'C’était vous ? Alors il n’y a rien à faire.',
    'Ce n’était pas vous ? Changez votre mot de passe tout de suite et terminez vos autres sessions.',
  ],
})

const en = (subject: string, lead: string): AccountPhrases => ({
  subject,
  lead,
  action: 'Check the security of my account',
  notes: [
    'It was you? Then there is nothing to do.',
    'It was not you? Change your password at once and end your other sessions.',
  ],
})

type Phrases = Readonly<Record<FactorLetterKind, AccountPhrases>>

/** What is told after a change of somebody's second factors. */
export const factorPhrases: Readonly<Record<Language, Phrases>> = {
  fr: {
    TOTP_ENABLED: fr(
      'Application d’authentification ajoutée',
      'Une application d’authentification protège maintenant votre compte.',
    ),
    TOTP_DISABLED: fr(
      'Application d’authentification retirée',
      'Votre compte ne demande plus le code d’une application d’authentification.',
    ),
    PASSKEY_ADDED: fr(
      'Clé d’accès ajoutée',
      'Une nouvelle clé d’accès permet de se connecter à votre compte.',
    ),
    PASSKEY_REMOVED: fr('Clé d’accès retirée', 'Une clé d’accès a été retirée de votre compte.'),
    RECOVERY_CODES_REPLACED: fr(
      'Nouveaux codes de secours',
      'Vos codes de secours ont été remplacés. Les anciens ne fonctionnent plus.',
    ),
    RECOVERY_CODE_USED: fr(
      'Un code de secours a servi',
      'Un de vos codes de secours vient d’être utilisé.',
    ),
  },
  en: {
    TOTP_ENABLED: en(
      'Authenticator app added',
      'An authenticator app protects your account from now on.',
    ),
    TOTP_DISABLED: en(
      'Authenticator app removed',
      'Your account no longer asks for the code of an authenticator app.',
    ),
    PASSKEY_ADDED: en('Passkey added', 'A new passkey can sign in to your account.'),
    PASSKEY_REMOVED: en('Passkey removed', 'A passkey was removed from your account.'),
    RECOVERY_CODES_REPLACED: en(
      'New recovery codes',
      'Your recovery codes were replaced. The older ones no longer work.',
    ),
    RECOVERY_CODE_USED: en(
      'A recovery code was used',
      'One of your recovery codes has just been used.',
    ),
  },
}
