import type { Facts } from './facts.ts'
import type { Language } from './moment.ts'
import type { Audience, BookingKind } from './queries.ts'

/** Who cancelled, seen by the reader; `nobody` when it is not known. */
export type Side = 'reader' | 'other' | 'nobody'

export type Phrases = {
  readonly subject: Readonly<
    Record<BookingKind, (about: { service: string; start: string }) => string>
  >
  readonly greeting: (name: string) => string
  readonly lead: Readonly<
    Record<Audience, Readonly<Record<'CONFIRMED' | 'MOVED', (other: string) => string>>>
  >
  readonly cancelled: Readonly<Record<Audience, Readonly<Record<Side, (other: string) => string>>>>
  readonly label: Readonly<Record<Label, string>>
  readonly location: Readonly<Record<NonNullable<Facts['location']>, string>>
  readonly noRefund: string
  readonly open: string
  readonly calendar: Readonly<Record<'REQUEST' | 'CANCEL', string>>
  readonly why: string
}

export type Label =
  | 'service'
  | 'when'
  | 'before'
  | 'location'
  | 'client'
  | 'coach'
  | 'seats'
  | 'price'
  | 'refund'
  | 'reason'
  | 'reference'

const fr: Phrases = {
  subject: {
    CONFIRMED: ({ service, start }) => `Confirmé : ${service}, ${start}`,
    MOVED: ({ service, start }) => `Nouvel horaire : ${service}, ${start}`,
    CANCELLED: ({ service, start }) => `Annulé : ${service}, ${start}`,
  },
  greeting: (name) => `Bonjour ${name},`,
  lead: {
    CLIENT: {
      CONFIRMED: (coach) => `Votre rendez-vous avec ${coach} est confirmé.`,
      MOVED: (coach) => `Votre rendez-vous avec ${coach} a changé d’horaire.`,
    },
    COACH: {
      CONFIRMED: (client) => `${client} a réservé une séance avec vous.`,
      MOVED: (client) => `Le rendez-vous de ${client} a changé d’horaire.`,
    },
  },
  cancelled: {
    CLIENT: {
      reader: (coach) => `Vous avez annulé votre rendez-vous avec ${coach}.`,
      other: (coach) => `${coach} a dû annuler votre rendez-vous.`,
      nobody: (coach) => `Votre rendez-vous avec ${coach} est annulé.`,
    },
    COACH: {
      reader: (client) => `Vous avez annulé le rendez-vous de ${client}.`,
      other: (client) => `${client} a annulé son rendez-vous.`,
      nobody: (client) => `Le rendez-vous de ${client} est annulé.`,
    },
  },
  label: {
    service: 'Séance',
    when: 'Quand',
    before: 'Avant',
    location: 'Lieu',
    client: 'Client',
    coach: 'Coach',
    seats: 'Places',
    price: 'Prix',
    refund: 'Remboursement',
    reason: 'Motif',
    reference: 'Référence',
  },
  location: { ONLINE: 'En ligne', ON_SITE: 'Au cabinet', AT_CLIENT: 'Chez le client' },
  noRefund: 'Aucun, selon les conditions d’annulation',
  open: 'Voir la réservation',
  calendar: {
    REQUEST: 'L’invitation jointe met votre agenda à jour.',
    CANCEL: 'Le fichier joint retire la séance de votre agenda.',
  },
  why: 'Vous recevez ce message car cette réservation vous concerne.',
}

const en: Phrases = {
  subject: {
    CONFIRMED: ({ service, start }) => `Confirmed: ${service}, ${start}`,
    MOVED: ({ service, start }) => `New time: ${service}, ${start}`,
    CANCELLED: ({ service, start }) => `Cancelled: ${service}, ${start}`,
  },
  greeting: (name) => `Hello ${name},`,
  lead: {
    CLIENT: {
      CONFIRMED: (coach) => `Your session with ${coach} is confirmed.`,
      MOVED: (coach) => `Your session with ${coach} has moved to another time.`,
    },
    COACH: {
      CONFIRMED: (client) => `${client} has booked a session with you.`,
      MOVED: (client) => `The session of ${client} has moved to another time.`,
    },
  },
  cancelled: {
    CLIENT: {
      reader: (coach) => `You have cancelled your session with ${coach}.`,
      other: (coach) => `${coach} had to cancel your session.`,
      nobody: (coach) => `Your session with ${coach} is cancelled.`,
    },
    COACH: {
      reader: (client) => `You have cancelled the session of ${client}.`,
      other: (client) => `${client} has cancelled their session.`,
      nobody: (client) => `The session of ${client} is cancelled.`,
    },
  },
  label: {
    service: 'Session',
    when: 'When',
    before: 'Before',
    location: 'Where',
    client: 'Client',
    coach: 'Coach',
    seats: 'Seats',
    price: 'Price',
    refund: 'Refund',
    reason: 'Reason',
    reference: 'Reference',
  },
  location: { ONLINE: 'Online', ON_SITE: 'At the practice', AT_CLIENT: 'At the client’s place' },
  noRefund: 'None, under the cancellation policy',
  open: 'See the booking',
  calendar: {
    REQUEST: 'The attached invitation updates your calendar.',
    CANCEL: 'The attached file takes the session out of your calendar.',
  },
  why: 'You receive this message because this booking concerns you.',
}

/** Everything that a mail says, in both languages. */
export const phrases: Readonly<Record<Language, Phrases>> = { fr, en }
