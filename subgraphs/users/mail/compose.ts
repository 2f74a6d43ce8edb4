import { toGlobalId } from '#kit/id'
import type { PersonRow } from '../person/queries.ts'
import { invitationText } from './calendar.ts'
import { htmlOf } from './letter.html.ts'
import { textOf } from './letter.text.ts'
import { type About, letterFor, methodOf, serviceNameOf } from './letter.ts'
import type { Mail } from './mailer.ts'
import type { Sender } from './message.ts'
import { phrases } from './phrases.ts'
import type { MailRow } from './queries.ts'

export type House = { readonly sender: Sender; readonly publicOrigin: string }

/** Who reads, with the address to which it goes, and of whom only the name is told. */
type Pair = {
  readonly reader: PersonRow & { readonly email: string }
  readonly other: Pick<PersonRow, 'displayName'>
}

const aboutOf = (row: MailRow, { reader, other }: Pair, { publicOrigin }: House): About => ({
  kind: row.kind,
  audience: row.audience,
  language: reader.locale === 'en' ? 'en' : 'fr',
  timeZone: reader.timeZone,
  readerName: reader.displayName,
  otherName: other.displayName,
  facts: row.facts,
  bookingUrl: new URL(`/bookings/${toGlobalId('Booking', row.bookingId)}`, publicOrigin).href,
})

/** The organizer is the house, never the other person: nobody learns an address from a calendar. */
function calendarOf(row: MailRow, about: About, { pair, house }: { pair: Pair; house: House }) {
  const { facts, language, bookingUrl } = about
  const method = methodOf(row.kind)
  const content = invitationText({
    method,
    uid: `${facts.reference}@plexus`,
    sequence: row.bookingVersion,
    stampedAt: row.createdAt,
    startsAt: new Date(facts.startsAt),
    endsAt: new Date(facts.endsAt),
    summary: `${serviceNameOf(about)} · ${about.otherName}`,
    description: `${phrases[language].label.reference} ${facts.reference}\n${bookingUrl}`,
    location: facts.location ? phrases[language].location[facts.location] : '',
    url: bookingUrl,
    organizer: house.sender,
    attendee: { name: pair.reader.displayName, address: pair.reader.email },
  })
  return { method, content } as const
}

const domainOf = ({ address }: Sender) => address.split('@').at(-1) ?? 'plexus'

/** The whole mail of a row; the same row gives the same Message-ID. */
export function mailFrom(row: MailRow, pair: Pair, house: House): Mail {
  const about = aboutOf(row, pair, house)
  const letter = letterFor(about)
  return {
    messageId: `${row.id}@${domainOf(house.sender)}`,
    to: { name: pair.reader.displayName, address: pair.reader.email },
    language: letter.language,
    subject: letter.subject,
    text: textOf(letter),
    html: htmlOf(letter),
    calendar: calendarOf(row, about, { pair, house }),
  }
}
