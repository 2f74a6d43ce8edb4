import type { Locale } from '../account/rules.ts'

const fr = {
  title: 'Se connecter',
  heading: 'Bon retour parmi nous',
  lead: 'Connectez-vous pour retrouver vos séances.',
  email: 'Adresse e-mail',
  password: 'Mot de passe',
  submit: 'Se connecter',
  otherLanguage: 'English',
  languageLabel: 'Langue',
  error: 'Erreur :',
  wrong: 'L’adresse e-mail ou le mot de passe ne correspond pas, ou le compte est fermé.',
  locked: (minutes: number) =>
    `Trop d’essais. Réessayez dans ${minutes === 1 ? 'une minute' : `${minutes} minutes`}.`,
  promise: 'Prenez soin de vous, une séance à la fois.',
  promiseDetail: 'Vos coachs, vos créneaux et vos progrès, au même endroit.',
  trust: 'Votre mot de passe n’est communiqué à aucune application.',
  expiredTitle: 'Cette page a expiré',
  expired:
    'Elle est restée ouverte trop longtemps, ou vous êtes déjà connecté dans un autre onglet.',
  failedTitle: 'Cela n’a pas fonctionné',
  failed: 'La demande de connexion n’est pas valable. Recommencez depuis l’application.',
  unavailableTitle: 'Un instant, s’il vous plaît',
  unavailable: 'Nous ne pouvons pas répondre pour le moment. Réessayez dans une minute.',
  reference: 'Détail technique :',
  toApplication: 'Revenir à Plexus',
  signingOutTitle: 'Déconnexion…',
  signingOut: 'Un instant. Si rien ne se passe, utilisez le bouton.',
  signOutTitle: 'Se déconnecter de Plexus ?',
  signOutQuestion: 'Vous devrez saisir votre mot de passe la prochaine fois.',
  signOut: 'Se déconnecter',
  stay: 'Rester connecté',
  signedOutTitle: 'Vous êtes déconnecté',
  signedOut: 'À bientôt.',
}

export type Texts = typeof fr

const en: Texts = {
  title: 'Sign in',
  heading: 'Welcome back',
  lead: 'Sign in to get back to your sessions.',
  email: 'E-mail address',
  password: 'Password',
  submit: 'Sign in',
  otherLanguage: 'Français',
  languageLabel: 'Language',
  error: 'Error:',
  wrong: 'The e-mail address or the password does not match, or the account is closed.',
  locked: (minutes) =>
    `Too many attempts. Try again in ${minutes === 1 ? 'one minute' : `${minutes} minutes`}.`,
  promise: 'Look after yourself, one session at a time.',
  promiseDetail: 'Your coaches, your times and your progress, in one place.',
  trust: 'Your password is not passed on to any application.',
  expiredTitle: 'This page has expired',
  expired: 'It stayed open for too long, or you are already signed in in another tab.',
  failedTitle: 'That did not work',
  failed: 'The request to sign in is not valid. Start again from the application.',
  unavailableTitle: 'One moment, please',
  unavailable: 'We cannot answer right now. Try again in a minute.',
  reference: 'Technical detail:',
  toApplication: 'Back to Plexus',
  signingOutTitle: 'Signing you out…',
  signingOut: 'One moment. If nothing happens, use the button.',
  signOutTitle: 'Sign out of Plexus?',
  signOutQuestion: 'You will need your password next time.',
  signOut: 'Sign out',
  stay: 'Stay signed in',
  signedOutTitle: 'You are signed out',
  signedOut: 'See you soon.',
}

export const texts: Record<Locale, Texts> = { fr, en }
export const otherLocale: Record<Locale, Locale> = { fr: 'en', en: 'fr' }
