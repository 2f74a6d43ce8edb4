import type { LetterKind } from '#kit/letter'
import { type AccountPhrases, factorPhrases } from './factor-phrases.ts'
import type { Language } from './moment.ts'

const fr: Readonly<Record<LetterKind, AccountPhrases>> = {
  ...factorPhrases.fr,
  VERIFY_EMAIL: {
    subject: 'Confirmez votre adresse e-mail',
    lead: 'Bienvenue chez Plexus. Confirmez que cette adresse est la vôtre.',
    action: 'Confirmer mon adresse',
    notes: [
      'Le lien fonctionne une fois, pendant deux jours.',
      'Vous n’avez pas demandé de compte ? Ne faites rien : sans confirmation, personne ne peut s’en servir.',
    ],
  },
  RESET_PASSWORD: {
    subject: 'Choisissez un nouveau mot de passe',
    lead: 'Quelqu’un a demandé un nouveau mot de passe pour votre compte.',
    action: 'Choisir un mot de passe',
    notes: [
      'Le lien fonctionne une fois, pendant une heure.',
      'Ce n’était pas vous ? Ne faites rien : votre mot de passe reste le même.',
    ],
  },
  ACCOUNT_EXISTS: {
    subject: 'Vous avez déjà un compte',
    lead: 'Quelqu’un a voulu créer un compte avec votre adresse. Vous en avez déjà un.',
    action: 'Se connecter',
    notes: [
      'Mot de passe oublié ? La page de connexion vous aide à en choisir un autre.',
      'Ce n’était pas vous ? Ne faites rien : votre compte n’a pas changé.',
    ],
  },
  PASSWORD_CHANGED: {
    subject: 'Votre mot de passe a changé',
    lead: 'Le mot de passe de votre compte vient de changer, et vos autres sessions sont terminées.',
    action: 'Ce n’était pas moi',
    notes: ['C’était vous ? Alors il n’y a rien à faire.'],
  },
}

const en: Readonly<Record<LetterKind, AccountPhrases>> = {
  ...factorPhrases.en,
  VERIFY_EMAIL: {
    subject: 'Confirm your e-mail address',
    lead: 'Welcome to Plexus. Confirm that this address is yours.',
    action: 'Confirm my address',
    notes: [
      'The link works once, for two days.',
      'You did not ask for an account? Do nothing: unconfirmed, nobody can use it.',
    ],
  },
  RESET_PASSWORD: {
    subject: 'Choose a new password',
    lead: 'Somebody asked for a new password for your account.',
    action: 'Choose a password',
    notes: [
      'The link works once, for an hour.',
      'It was not you? Do nothing: your password stays as it is.',
    ],
  },
  ACCOUNT_EXISTS: {
    subject: 'You already have an account',
    lead: 'Somebody wanted to create an account with your address. You already have one.',
    action: 'Sign in',
    notes: [
      'Forgot your password? The sign-in page helps you to choose another one.',
      'It was not you? Do nothing: your account has not changed.',
    ],
  },
  PASSWORD_CHANGED: {
    subject: 'Your password has changed',
    lead: 'The password of your account has just changed, and your other sessions have ended.',
    action: 'It was not me',
    notes: ['It was you? Then there is nothing to do.'],
  },
}

/** Everything that a letter about an account says, in both languages. */
export const accountPhrases: Readonly<
  Record<Language, Readonly<Record<LetterKind, AccountPhrases>>>
> = { fr, en }

/** Of a letter that says no name. */
export const accountGreeting: Readonly<Record<Language, string>> = { fr: 'Bonjour,', en: 'Hello,' }

/** Why somebody gets such a letter. */
export const accountWhy: Readonly<Record<Language, string>> = {
  fr: 'Vous recevez ce message car il concerne la sécurité de votre compte.',
  en: 'You receive this message because it concerns the security of your account.',
}
