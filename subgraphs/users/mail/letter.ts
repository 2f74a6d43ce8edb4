import type { Facts } from './facts.ts'
import { type Language, moneyText, spanText, startText } from './moment.ts'
import { type Label, type Phrases, phrases, type Side } from './phrases.ts'
import type { Audience, BookingKind } from './queries.ts'

/** All that a template knows: one reader, the other side's name, one booking. */
export type About = {
  readonly kind: BookingKind
  readonly audience: Audience
  readonly language: Language
  /** The reader's own: every time in the mail is told in it. */
  readonly timeZone: string
  readonly readerName: string
  readonly otherName: string
  readonly facts: Facts
  readonly bookingUrl: string
}

export type Row = { readonly label: string; readonly value: string }

/** What a mail says, before it is text or HTML. */
export type Letter = {
  readonly language: Language
  readonly subject: string
  readonly greeting: string
  readonly lead: string
  readonly rows: readonly Row[]
  readonly action: { readonly label: string; readonly url: string }
  readonly notes: readonly string[]
}

/** One line, whatever a person or a service calls itself. */
export const tidy = (text: string) => text.replace(/\s+/gu, ' ').trim()

export const methodOf = (kind: BookingKind) => (kind === 'CANCELLED' ? 'CANCEL' : 'REQUEST')

export const serviceNameOf = ({ facts, language }: About) => tidy(facts.serviceName[language])

function sideOf({ audience, facts }: About): Side {
  if (!facts.cancelledBy) return 'nobody'
  return facts.cancelledBy === audience.toLowerCase() ? 'reader' : 'other'
}

function leadOf(about: About, { lead, cancelled }: Phrases): string {
  const { kind, audience } = about
  const say = kind === 'CANCELLED' ? cancelled[audience][sideOf(about)] : lead[audience][kind]
  return say(tidy(about.otherName))
}

/** Null where there is nothing to say: nothing was paid, or nothing is cancelled. */
function refundOf({ kind, audience, facts, language }: About, { noRefund }: Phrases) {
  if (kind !== 'CANCELLED' || !facts.price) return null
  if (facts.refund && facts.refund.amount > 0) return moneyText(facts.refund, language)
  return audience === 'CLIENT' ? noRefund : null
}

function rowsOf(about: About, say: Phrases): Row[] {
  const { facts, audience, kind, language } = about
  const values: readonly (readonly [Label, string | null])[] = [
    ['service', serviceNameOf(about)],
    ['when', spanText(facts, about)],
    ['before', kind === 'MOVED' && facts.before ? spanText(facts.before, about) : null],
    ['location', facts.location && say.location[facts.location]],
    [audience === 'CLIENT' ? 'coach' : 'client', tidy(about.otherName)],
    ['seats', facts.seats > 1 ? String(facts.seats) : null],
    ['price', facts.price ? moneyText(facts.price, language) : null],
    ['refund', refundOf(about, say)],
    ['reason', kind === 'CANCELLED' && facts.reason ? tidy(facts.reason) : null],
    ['reference', facts.reference],
  ]
  return values.flatMap(([label, value]) => (value ? [{ label: say.label[label], value }] : []))
}

/** What one reader is told of one change, in their language and zone. */
export function letterFor(about: About): Letter {
  const { kind, language, facts } = about
  const say = phrases[language]
  return {
    language,
    subject: say.subject[kind]({ service: serviceNameOf(about), start: startText(facts, about) }),
    greeting: say.greeting(tidy(about.readerName)),
    lead: leadOf(about, say),
    rows: rowsOf(about, say),
    action: { label: say.open, url: about.bookingUrl },
    notes: [say.calendar[methodOf(kind)], say.why],
  }
}
