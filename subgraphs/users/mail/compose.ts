import { toGlobalId } from '#kit/id'
import { letterOwner } from '#kit/letter'
import type { Vault } from '#kit/vault'
import type { PersonRow } from '../person/queries.ts'
import { type AboutAccount, accountLetterFor } from './account-letter.ts'
import { invitationText } from './calendar.ts'
import { htmlOf } from './letter.html.ts'
import { textOf } from './letter.text.ts'
import { type About, type Letter, letterFor, methodOf, serviceNameOf } from './letter.ts'
import { type Mail, MailRefused } from './mailer.ts'
import type { Sender } from './message.ts'
import { phrases } from './phrases.ts'
import type { AccountMailRow, BookingMailRow, MailRow } from './queries.ts'

export type House = {
  readonly sender: Sender
  readonly publicOrigin: string
  /** Opens the tokens of letters about accounts. */
  readonly vault: Vault
}

/** Who reads, with the address to which it goes. */
type Reader = PersonRow & { readonly email: string }
/** Of the other side only the name is told. */
type Pair = {
  readonly reader: Reader
  readonly other: Pick<PersonRow, 'displayName'>
}

const languageOf = ({ locale }: Reader) => (locale === 'en' ? 'en' : 'fr')

const aboutOf = (row: BookingMailRow, { reader, other }: Pair, { publicOrigin }: House): About => ({
  kind: row.kind,
  audience: row.audience,
  language: languageOf(reader),
  timeZone: reader.timeZone,
  readerName: reader.displayName,
  otherName: other.displayName,
  facts: row.facts,
  bookingUrl: new URL(`/bookings/${toGlobalId('Booking', row.bookingId)}`, publicOrigin).href,
})

/** The organizer is the house, never the other person: nobody learns an address from a calendar. */
function calendarOf(
  row: BookingMailRow,
  about: About,
  { pair, house }: { pair: Pair; house: House },
) {
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

type Envelope = { readonly row: MailRow; readonly reader: Reader; readonly house: House }

/** The same row gives the same Message-ID. */
const mailOf = (
  { row, reader, house }: Envelope,
  letter: Letter,
  calendar: Mail['calendar'],
): Mail => ({
  messageId: `${row.id}@${domainOf(house.sender)}`,
  to: { name: reader.displayName, address: reader.email },
  language: letter.language,
  subject: letter.subject,
  text: textOf(letter),
  html: htmlOf(letter),
  calendar,
})

/** The whole mail about a booking. */
export function bookingMailFrom(row: BookingMailRow, pair: Pair, house: House): Mail {
  const about = aboutOf(row, pair, house)
  const calendar = calendarOf(row, about, { pair, house })
  return mailOf({ row, reader: pair.reader, house }, letterFor(about), calendar)
}

/** Null for a letter without one. Throws MailRefused for one that nobody can open any more. */
function tokenOf({ kind, recipientId, sealedToken, linkEndsAt }: AccountMailRow, vault: Vault) {
  if (linkEndsAt === null) return null
  const owner = letterOwner({ personId: recipientId, kind })
  const token = sealedToken && vault.open(sealedToken, owner)
  if (token === null) throw new MailRefused('The link cannot be opened: its key is gone.')
  return token
}

/** The whole mail about an account. Throws MailRefused for a link that is over. */
export function accountMailFrom(
  row: AccountMailRow,
  { reader, now }: { reader: Reader; now: Date },
  house: House,
): Mail {
  if (row.linkEndsAt && row.linkEndsAt <= now) throw new MailRefused('The link is over.')
  const token = tokenOf(row, house.vault)
  const about: AboutAccount = {
    kind: row.kind,
    language: languageOf(reader),
    readerName: token === null ? reader.displayName : null,
    publicOrigin: house.publicOrigin,
    token,
  }
  const addressed = { ...reader, displayName: about.readerName ?? '' }
  return mailOf({ row, reader: addressed, house }, accountLetterFor(about), null)
}
