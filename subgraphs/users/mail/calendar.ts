/** One booking as a calendar knows it (RFC 5545, RFC 5546). */
export type Invitation = {
  readonly method: 'REQUEST' | 'CANCEL'
  /** The same for every mail about one booking, and for the file that the page offers. */
  readonly uid: string
  /** Rises with every change, so that a calendar drops what arrives late. */
  readonly sequence: number
  readonly stampedAt: Date
  readonly startsAt: Date
  readonly endsAt: Date
  readonly summary: string
  readonly description: string
  readonly location: string
  readonly url: string
  readonly organizer: Party
  readonly attendee: Party
}

type Party = { readonly name: string; readonly address: string }

/** RFC 5545, section 3.3.5, form 2: an instant in UTC. Every calendar reads it and shows it in its own zone. */
const utc = (instant: Date) => instant.toISOString().replace(/[-:]|\.\d{3}/g, '')

/** RFC 5545, section 3.3.11. */
const escaped = (text: string) =>
  text
    .replace(/[\\;,]/g, (sign) => `\\${sign}`)
    .replace(/\r\n|[\r\n]/g, '\\n')
    .replace(/\p{Cc}/gu, ' ')

/** RFC 5545, section 3.2: a quoted parameter holds neither quotes nor controls. */
const quoted = (text: string) => `"${text.replace(/["\p{Cc}\s]+/gu, ' ').trim()}"`

const octets = (text: string) => Buffer.byteLength(text)

/** RFC 5545, section 3.1: a line has at most 75 octets; the rest goes on after a space. */
function folded(line: string): string {
  const lines = ['']
  for (const letter of line) {
    const current = lines.at(-1) ?? ''
    if (octets(current + letter) <= 75) lines[lines.length - 1] = current + letter
    else lines.push(` ${letter}`)
  }
  return lines.join('\r\n')
}

/** The invitation as the text of a `.ics` file. */
export const invitationText = (it: Invitation): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Plexus//Mail//EN',
    'CALSCALE:GREGORIAN',
    `METHOD:${it.method}`,
    'BEGIN:VEVENT',
    `UID:${it.uid}`,
    `SEQUENCE:${it.sequence}`,
    `DTSTAMP:${utc(it.stampedAt)}`,
    `DTSTART:${utc(it.startsAt)}`,
    `DTEND:${utc(it.endsAt)}`,
    `SUMMARY:${escaped(it.summary)}`,
    `DESCRIPTION:${escaped(it.description)}`,
    ...(it.location ? [`LOCATION:${escaped(it.location)}`] : []),
    `URL:${it.url}`,
    `STATUS:${it.method === 'CANCEL' ? 'CANCELLED' : 'CONFIRMED'}`,
    `ORGANIZER;CN=${quoted(it.organizer.name)}:mailto:${it.organizer.address}`,
    `ATTENDEE;CN=${quoted(it.attendee.name)};ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:${it.attendee.address}`,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ]
    .map(folded)
    .join('\r\n')
