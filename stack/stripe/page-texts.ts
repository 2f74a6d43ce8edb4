export type Locale = 'fr' | 'en'

/** What a test card does, by the last four digits that show. */
type CardTexts = Readonly<Record<string, string>>

type Texts = {
  title: string
  testTitle: string
  test: string
  toPay: string
  cancel: string
  cards: string
  cardsLead: string
  cardTexts: CardTexts
  byHand: string
  number: string
  numberHint: string
  pay: (amount: string) => string
  paidBy: string
  wrongNumber: string
  declines: Readonly<Record<string, string>>
  declined: string
  stale: string
  expiredTitle: string
  expired: string
  paidTitle: string
  paid: string
  missingTitle: string
  missing: string
  back: string
  onward: string
  authTitle: string
  auth: (amount: string) => string
  authYes: string
  authNo: string
  error: string
}

export const texts: Readonly<Record<Locale, Texts>> = {
  fr: {
    title: 'Paiement',
    testTitle: 'Page de test',
    test: 'Rien n’est débité : aucun argent ne circule ici. N’entrez pas de vraie carte.',
    toPay: 'À payer',
    cancel: 'Annuler et revenir',
    cards: 'Payer avec une carte de test',
    cardsLead: 'Un clic suffit : chaque carte joue un cas.',
    cardTexts: {
      '4242': 'Le paiement réussit',
      '3155': 'Authentification demandée',
      '0002': 'La carte est refusée',
      '9995': 'Fonds insuffisants',
    },
    byHand: 'Ou saisir un numéro',
    number: 'Numéro de carte de test',
    numberHint: 'Une date et un code ne sont pas demandés ici.',
    pay: (amount) => `Payer ${amount}`,
    paidBy: 'Client :',
    wrongNumber: 'Ce numéro n’est pas celui d’une carte. Vérifiez les chiffres.',
    declines: {
      insufficient_funds: 'La carte n’a pas les fonds nécessaires. Choisissez-en une autre.',
      test_mode_live_card:
        'C’est une vraie carte : elle a été refusée. Prenez une carte de test ci-dessous.',
      payment_intent_authentication_failure:
        'L’authentification n’a pas abouti. Recommencez ou choisissez une autre carte.',
    },
    declined: 'La carte a été refusée. Choisissez-en une autre.',
    stale: 'Cette page était ancienne. Recommencez.',
    expiredTitle: 'Ce paiement n’est plus ouvert',
    expired: 'Le délai est passé et rien n’a été débité. Revenez en arrière pour recommencer.',
    paidTitle: 'C’est déjà payé',
    paid: 'Ce paiement est terminé ; il ne peut pas être fait deux fois.',
    missingTitle: 'Paiement introuvable',
    missing: 'L’adresse de cette page ne mène à aucun paiement. Reprenez depuis l’application.',
    back: 'Revenir',
    onward: 'Continuer',
    authTitle: 'Votre banque vérifie',
    auth: (amount) =>
      `Une vraie banque vous demanderait ici un code ou votre application pour ${amount}. Choisissez sa réponse.`,
    authYes: 'Authentifier le paiement',
    authNo: 'Faire échouer l’authentification',
    error: 'Erreur :',
  },
  en: {
    title: 'Payment',
    testTitle: 'Test page',
    test: 'Nothing is charged: no money moves here. Do not enter a real card.',
    toPay: 'To pay',
    cancel: 'Cancel and go back',
    cards: 'Pay with a test card',
    cardsLead: 'One click is enough: each card plays one case.',
    cardTexts: {
      '4242': 'The payment succeeds',
      '3155': 'Authentication asked for',
      '0002': 'The card is declined',
      '9995': 'Insufficient funds',
    },
    byHand: 'Or type a number',
    number: 'Test card number',
    numberHint: 'No date and no code are asked for here.',
    pay: (amount) => `Pay ${amount}`,
    paidBy: 'Customer:',
    wrongNumber: 'This is not the number of a card. Check the digits.',
    declines: {
      insufficient_funds: 'There is not enough money on this card. Choose another one.',
      test_mode_live_card:
        'This is a real card: it was declined. Take one of the test cards below.',
      payment_intent_authentication_failure:
        'The authentication did not succeed. Try again, or choose another card.',
    },
    declined: 'The card was declined. Choose another one.',
    stale: 'This page was an old one. Please try again.',
    expiredTitle: 'This payment is no longer open',
    expired: 'The time is over and nothing was charged. Go back to start again.',
    paidTitle: 'This is already paid',
    paid: 'The payment is done; it cannot be made twice.',
    missingTitle: 'There is no such payment',
    missing: 'The address of this page leads to no payment. Start again from the application.',
    back: 'Go back',
    onward: 'Continue',
    authTitle: 'Your bank checks',
    auth: (amount) =>
      `A real bank would ask you here for a code, or for its app, to pay ${amount}. Choose what it answers.`,
    authYes: 'Authenticate the payment',
    authNo: 'Let the authentication fail',
    error: 'Error:',
  },
}

/** The session's own language; otherwise the browser's. */
export function localeFor(session: string | null, acceptLanguage: string | null): Locale {
  const wanted = session && session !== 'auto' ? session : (acceptLanguage ?? 'fr')
  return /^\s*fr/i.test(wanted) ? 'fr' : 'en'
}

/** Minor units as people read them, in the number of decimals that the currency has. */
export function amountText(amount: number, currency: string, locale: Locale): string {
  const format = new Intl.NumberFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    style: 'currency',
    currency,
  })
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}
