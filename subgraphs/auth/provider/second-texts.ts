import type { Locale } from '../account/rules.ts'

const fr = {
  title: 'Confirmer que c’est vous',
  heading: 'Confirmez que c’est vous',
  codeLead: 'Ouvrez votre application d’authentification et saisissez le code à six chiffres.',
  code: 'Code à six chiffres',
  recoveryLead: 'Saisissez l’un des codes de secours que vous avez notés. Il ne sert qu’une fois.',
  recovery: 'Code de secours',
  passkeyLead: 'Utilisez la clé d’accès de cet appareil ou une clé de sécurité.',
  withoutScript:
    'La clé d’accès ne fonctionne qu’avec JavaScript. Vous pouvez aussi saisir un code.',
  confirm: 'Confirmer',
  usePasskey: 'Utiliser une clé d’accès',
  signInWithPasskey: 'Se connecter avec une clé d’accès',
  passkeyFault: 'La clé d’accès n’a pas répondu. Réessayez, ou choisissez un autre moyen.',
  toRecovery: 'Utiliser un code de secours',
  toApp: 'Revenir à l’autre moyen',
  cancel: 'Annuler',
  wrong: 'Cela n’a pas pu être vérifié. Réessayez.',
  locked: (minutes: number) =>
    `Trop d’essais. Réessayez dans ${minutes === 1 ? 'une minute' : `${minutes} minutes`}.`,
  missingTitle: 'Une seconde preuve est nécessaire',
  missing:
    'Cette action demande une application d’authentification ou une clé d’accès, et votre compte n’en a pas encore.',
  missingHow:
    'Revenez à Plexus, ouvrez « Sécurité » dans votre compte, ajoutez-en une, puis recommencez.',
  back: 'Revenir à Plexus',
}

export type SecondTexts = typeof fr

const en: SecondTexts = {
  title: 'Confirm that it is you',
  heading: 'Confirm that it is you',
  codeLead: 'Open your authenticator app and type the six-digit code.',
  code: 'Six-digit code',
  recoveryLead: 'Type one of the recovery codes that you noted. Each works once.',
  recovery: 'Recovery code',
  passkeyLead: 'Use the passkey of this device, or a security key.',
  withoutScript: 'Passkeys need JavaScript. You can also type a code.',
  confirm: 'Confirm',
  usePasskey: 'Use a passkey',
  signInWithPasskey: 'Sign in with a passkey',
  passkeyFault: 'The passkey did not answer. Try again, or choose another way.',
  toRecovery: 'Use a recovery code',
  toApp: 'Back to the other way',
  cancel: 'Cancel',
  wrong: 'This could not be verified. Try again.',
  locked: (minutes) =>
    `Too many attempts. Try again in ${minutes === 1 ? 'one minute' : `${minutes} minutes`}.`,
  missingTitle: 'A second proof is needed',
  missing: 'This needs an authenticator app or a passkey, and your account does not have one yet.',
  missingHow: 'Go back to Plexus, open “Security” in your account, add one, and start again.',
  back: 'Back to Plexus',
}

export const secondTexts: Record<Locale, SecondTexts> = { fr, en }
