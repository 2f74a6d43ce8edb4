import type { Locale } from '../account/rules.ts'
import type { PasswordProblem } from '../credential/strength.ts'

const fr = {
  title: 'Choisir un nouveau mot de passe',
  heading: 'Votre mot de passe a expiré',
  lead: 'Choisissez-en un nouveau pour continuer : au moins douze caractères, par exemple quatre mots sans rapport.',
  next: 'Nouveau mot de passe',
  submit: 'Enregistrer et continuer',
  appTitle: 'Renouveler l’application d’authentification',
  appHeading: 'Renouvelez votre application d’authentification',
  appLead:
    'Votre mot de passe a expiré, et la clé de votre application avec lui. Scannez ce code, puis saisissez les six chiffres que l’application affiche.',
  secret: 'Vous ne pouvez pas scanner ? Saisissez cette clé :',
  code: 'Code à six chiffres',
  confirm: 'Continuer',
  wrongCode: 'Ce code ne correspond pas. Réessayez.',
  unverifiedTitle: 'Confirmez votre adresse e-mail',
  unverified:
    'Nous vous avons envoyé un lien. Ouvrez-le pour confirmer que cette adresse est la vôtre, puis revenez vous connecter.',
  resend: 'Envoyer un autre lien',
  resent: 'Un autre lien est en route, si vous n’en avez pas demandé trop souvent.',
  problems: {
    TOO_SHORT: 'Choisissez un mot de passe d’au moins douze caractères.',
    TOO_LONG: 'Choisissez un mot de passe d’au plus 128 caractères.',
    COMMON: 'Ce mot de passe est l’un des premiers que l’on essaie. Choisissez-en un autre.',
    PERSONAL: 'Ce mot de passe contient votre nom ou votre adresse. Choisissez-en un autre.',
    GUESSABLE: 'Ce mot de passe est trop facile à deviner. Choisissez-en un autre.',
    BREACHED: 'Ce mot de passe figure dans une liste volée. Choisissez-en un autre.',
    UNCHANGED: 'C’est votre mot de passe actuel. Choisissez-en un autre.',
  } satisfies Record<PasswordProblem, string>,
}

type RenewalTexts = typeof fr

const en: RenewalTexts = {
  title: 'Choose a new password',
  heading: 'Your password has expired',
  lead: 'Choose a new one to go on: at least twelve characters, for example four unrelated words.',
  next: 'New password',
  submit: 'Save and go on',
  appTitle: 'Renew the authenticator app',
  appHeading: 'Renew your authenticator app',
  appLead:
    'Your password has expired, and the key of your app with it. Scan this code, then type the six digits that the app shows.',
  secret: 'You cannot scan? Type this key:',
  code: 'Six-digit code',
  confirm: 'Go on',
  wrongCode: 'This code does not match. Try again.',
  unverifiedTitle: 'Confirm your e-mail address',
  unverified:
    'We have sent you a link. Open it to confirm that this address is yours, then come back and sign in.',
  resend: 'Send another link',
  resent: 'Another link is on its way, unless you asked too often.',
  problems: {
    TOO_SHORT: 'Choose a password of at least twelve characters.',
    TOO_LONG: 'Choose a password of at most 128 characters.',
    COMMON: 'This password is one of the first that are tried. Choose another one.',
    PERSONAL: 'This password has your own name or address in it. Choose another one.',
    GUESSABLE: 'This password is too easy to guess. Choose another one.',
    BREACHED: 'This password is in a list of stolen ones. Choose another one.',
    UNCHANGED: 'This is the password that you have. Choose another one.',
  },
}

export const renewalTexts: Readonly<Record<Locale, RenewalTexts>> = { fr, en }
