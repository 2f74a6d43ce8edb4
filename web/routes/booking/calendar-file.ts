export type CalendarEntry = {
  uid: string
  title: string
  startsAt: string
  endsAt: string
  description: string
  url: string
  stampedAt: Date
}

/** RFC 5545, section 3.3.5, form 2: an instant in UTC. */
const utc = (instant: Date): string => instant.toISOString().replace(/[-:]|\.\d{3}/g, '')

/** RFC 5545, section 3.3.11. */
const escaped = (text: string): string =>
  text.replace(/[\\;,]/g, (sign) => `\\${sign}`).replace(/\r?\n/g, '\\n')

const octets = (text: string): number => new TextEncoder().encode(text).length

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

/** One event as an iCalendar file (RFC 5545). */
export const calendarFile = (entry: CalendarEntry): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Plexus//Web//EN',
    'METHOD:PUBLISH',
    'BEGIN:VEVENT',
    `UID:${entry.uid}`,
    `DTSTAMP:${utc(entry.stampedAt)}`,
    `DTSTART:${utc(new Date(entry.startsAt))}`,
    `DTEND:${utc(new Date(entry.endsAt))}`,
    `SUMMARY:${escaped(entry.title)}`,
    `DESCRIPTION:${escaped(entry.description)}`,
    `URL:${entry.url}`,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ]
    .map(folded)
    .join('\r\n')
