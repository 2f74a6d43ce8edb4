import { describe, expect, test } from 'bun:test'
import { htmlOf } from './letter.html.ts'
import { textOf } from './letter.text.ts'
import { type About, letterFor } from './letter.ts'

const about: About = {
  kind: 'CONFIRMED',
  audience: 'CLIENT',
  language: 'fr',
  timeZone: 'Europe/Paris',
  readerName: 'Alice',
  otherName: 'Léa Martin',
  bookingUrl: 'https://plexus.example/bookings/abc',
  facts: {
    reference: '7F3K29QX',
    serviceName: { fr: 'Séance découverte', en: 'First session' },
    location: 'ON_SITE',
    seats: 1,
    startsAt: '2027-03-01T09:00:00Z',
    endsAt: '2027-03-01T09:30:00Z',
    price: null,
    before: null,
    refund: null,
    cancelledBy: null,
    reason: null,
  },
}

const euros = (amount: number) => ({ amount, currency: 'EUR' })
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

/** The letter of a variation, as its rows by label. */
function rowsFor({
  facts,
  ...change
}: Partial<Omit<About, 'facts'>> & { facts?: Partial<About['facts']> }) {
  const { rows } = letterFor({ ...about, ...change, facts: { ...about.facts, ...facts } })
  return new Map(rows.map(({ label, value }) => [label, plain(value)]))
}

describe('a time', () => {
  test.each([
    ['fr', 'Europe/Paris', 'lundi 1er mars 2027, 10:00 – 10:30 (Paris, UTC+1)'],
    ['en', 'America/Montreal', 'Monday, 1 March 2027, 04:00–04:30 (Montreal, GMT-5)'],
    ['en', 'Asia/Kolkata', 'Monday, 1 March 2027, 14:30–15:00 (Kolkata, GMT+5:30)'],
    ['fr', 'UTC', 'lundi 1er mars 2027, 09:00 – 09:30 (UTC)'],
  ] as const)('in %s is told in %s, with the zone', (language, timeZone, expected) => {
    const rows = rowsFor({ language, timeZone })
    expect(
      plain(rows.get(language === 'fr' ? 'Quand' : 'When') ?? '').replaceAll('\u2009', ''),
    ).toBe(expected)
  })

  test('of a session over midnight names both days', () => {
    const facts = { startsAt: '2027-03-01T22:30:00Z', endsAt: '2027-03-01T23:30:00Z' }
    expect(rowsFor({ facts }).get('Quand')).toMatch(/lundi 1er mars.*23:30.*mardi 2 mars.*00:30/)
  })
})

describe('money', () => {
  test('is told as people write it, whatever the currency’s decimals', () => {
    expect(rowsFor({ facts: { price: euros(6050) } }).get('Prix')).toBe('60,50 €')
    const yen = { price: { amount: 6000, currency: 'JPY' } }
    expect(rowsFor({ language: 'en', facts: yen }).get('Price')).toBe('JP¥6,000')
    expect(rowsFor({}).has('Prix')).toBe(false)
  })

  test('that comes back is told on cancelling, and a client who gets none is told that', () => {
    const facts = { price: euros(6000), cancelledBy: 'client' as const }
    const kind = 'CANCELLED' as const
    expect(rowsFor({ kind, facts: { ...facts, refund: euros(3000) } }).get('Remboursement')).toBe(
      '30,00 €',
    )
    expect(rowsFor({ kind, facts }).get('Remboursement')).toStartWith('Aucun')
    expect(rowsFor({ kind, facts, audience: 'COACH' }).has('Remboursement')).toBe(false)
    expect(rowsFor({ kind }).has('Remboursement')).toBe(false)
    expect(rowsFor({ facts: { ...facts, refund: euros(3000) } }).has('Remboursement')).toBe(false)
  })
})

describe('a cancellation', () => {
  const leadFor = (change: Partial<About>, cancelledBy: 'client' | 'coach' | null) =>
    letterFor({ ...about, kind: 'CANCELLED', ...change, facts: { ...about.facts, cancelledBy } })
      .lead
  test.each([
    ['CLIENT', 'client', 'You have cancelled your session with Léa Martin.'],
    ['CLIENT', 'coach', 'Léa Martin had to cancel your session.'],
    ['COACH', 'client', 'Léa Martin has cancelled their session.'],
    ['COACH', 'coach', 'You have cancelled the session of Léa Martin.'],
    ['CLIENT', null, 'Your session with Léa Martin is cancelled.'],
  ] as const)('tells a %s that it was made by %p', (audience, cancelledBy, lead) => {
    expect(leadFor({ audience, language: 'en' }, cancelledBy)).toBe(lead)
  })
})

describe('what people write', () => {
  const hostile = '<script>alert("x")</script>\r\nBcc: eve@example.org'
  const letter = letterFor({
    ...about,
    kind: 'CANCELLED',
    readerName: hostile,
    otherName: hostile,
    facts: {
      ...about.facts,
      serviceName: { fr: hostile, en: hostile },
      reason: hostile,
      reference: hostile,
    },
  })

  test('[MP-50] is no markup in the page', () => {
    const page = htmlOf(letter)
    expect(page).not.toContain('<script>')
    expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;')
  })

  test('stays on its line', () => {
    expect(letter.subject).not.toMatch(/[\r\n]/)
    for (const { label, value } of letter.rows.filter(({ label }) => label !== 'Référence')) {
      expect(`${label} ${value}`).not.toMatch(/[\r\n]/)
    }
  })
})

test('a page names its language, loads nothing from anywhere, and has the words of the text', () => {
  for (const language of ['fr', 'en'] as const) {
    for (const kind of ['CONFIRMED', 'MOVED', 'CANCELLED'] as const) {
      for (const audience of ['CLIENT', 'COACH'] as const) {
        const facts = {
          ...about.facts,
          before: { startsAt: '2027-02-28T09:00:00Z', endsAt: '2027-02-28T09:30:00Z' },
          seats: 3,
        }
        const letter = letterFor({ ...about, language, kind, audience, facts })
        const [page, text] = [htmlOf(letter), textOf(letter)]
        expect(page).toStartWith(`<!doctype html>\n<html lang="${language}">`)
        expect(page).not.toMatch(/src=|url\(|@import|undefined|null|\[object/)
        expect(text).not.toMatch(/undefined|null|\[object/)
        expect([...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
          about.bookingUrl,
        ])
        for (const { value } of letter.rows) expect(text).toContain(value)
      }
    }
  }
})
