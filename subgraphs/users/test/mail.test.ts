import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import type { ParsedMail } from 'mailparser'
import { database } from '#kit/postgres'
import { type SmtpSink, smtpRefusal, smtpSink } from '../../../stack/testing/smtp-sink.ts'
import type { Mailer } from '../mail/mailer.ts'
import { type MailWorld, mailWorld, payloadOf, smtpMailer } from './mail-world.ts'

let world: MailWorld
let sink: SmtpSink
let mailer: Mailer

beforeEach(async () => {
  world = await mailWorld()
  sink = await smtpSink()
  mailer = smtpMailer(sink.port)
})
afterEach(async () => {
  await sink.stop()
  await world.stop()
})

async function pair() {
  const client = await world.person({ displayName: 'Alice Bernard', email: 'alice@example.org' })
  const coach = await world.person({
    displayName: 'Sophie Tremblay',
    email: 'sophie@example.org',
    locale: 'en',
    timeZone: 'America/Montreal',
  })
  return { client, coach, people: { clientId: client.id, coachId: coach.id } }
}

/** With the spaces that Intl and French put before signs as ordinary ones. */
const textOf = (mail?: ParsedMail) => (mail?.text ?? '').replace(/[\u00a0\u202f]/g, ' ')
const addressOf = (mail: ParsedMail) => mail.to?.value[0]?.address ?? ''
const mailTo = (address: string) => sink.mails.find((mail) => addressOf(mail) === address)
const idsOf = (mails: readonly ParsedMail[]) => mails.map(({ messageId }) => messageId)
const states = async () => (await world.rows()).map(({ state }) => state)

const silent: Mailer = {
  destination: 'nowhere',
  send: () => Promise.reject(new Error('Connection refused')),
}

describe('what people are told', () => {
  test('[FC-60] client and coach each get their own mail, in their language and their zone', async () => {
    const { people } = await pair()
    await world.tell('confirmed', payloadOf(people))
    expect(await world.round(mailer)).toBe(2)
    const [toClient, toCoach] = [mailTo('alice@example.org'), mailTo('sophie@example.org')]
    expect(toClient?.subject).toBe('Confirmé : Séance découverte, mar. 12 janv. 2027, 10:00')
    expect(textOf(toClient)).toContain('mardi 12 janvier 2027, 10:00 – 10:30 (Paris, UTC+1)')
    expect(textOf(toClient)).toContain('Prix : 60,00 €')
    expect(toCoach?.subject).toBe('Confirmed: First session, Tue, 12 Jan 2027, 04:00')
    expect(toCoach?.text).toContain('Alice Bernard has booked a session with you.')
    expect(toCoach?.text).toContain('(Montreal, GMT-5)')
  })

  test('nobody learns the other’s address, in no part of the mail', async () => {
    const { people } = await pair()
    await world.tell('confirmed', payloadOf(people))
    await world.round(mailer)
    const all = (mail?: ParsedMail) =>
      [
        mail?.text,
        mail?.html,
        ...(mail?.attachments.map(({ content }) => content.toString()) ?? []),
      ]
        .join('\n')
        .replaceAll('\r\n ', '')
    expect(all(mailTo('alice@example.org'))).toContain('mailto:alice@example.org')
    expect(all(mailTo('alice@example.org'))).not.toContain('sophie@')
    expect(all(mailTo('sophie@example.org'))).not.toContain('alice@')
  })

  test('a mail leads to the booking, and its calendar entry follows every change', async () => {
    const { people } = await pair()
    const { entityId } = await world.tell('confirmed', payloadOf(people))
    const before = { startsAt: '2027-01-12T09:00:00.000Z', endsAt: '2027-01-12T09:30:00.000Z' }
    const moved = {
      startsAt: '2027-01-13T09:00:00.000Z',
      endsAt: '2027-01-13T09:30:00.000Z',
      version: 3,
    }
    await world.tell('moved', { ...payloadOf(people), ...moved, before }, { entityId })
    const refund = { amount: 3000, currency: 'EUR' }
    await world.tell(
      'cancelled',
      {
        ...payloadOf(people),
        ...moved,
        version: 4,
        refund,
        cancelledBy: 'client',
        reason: 'Grippe',
      },
      { entityId },
    )
    expect(await world.round(mailer)).toBe(6)
    const mails = sink.mails.filter((mail) => addressOf(mail) === 'alice@example.org')
    expect(mails.map(({ subject }) => subject?.split(':')[0]?.trim())).toEqual([
      'Confirmé',
      'Nouvel horaire',
      'Annulé',
    ])
    const calendars = mails.map(({ attachments }) => attachments[0]?.content.toString() ?? '')
    const parts = calendars.map((text) => [
      /METHOD:(\w+)/.exec(text)?.[1],
      /SEQUENCE:(\d)/.exec(text)?.[1],
      /UID:(.*)/.exec(text)?.[1]?.trim(),
    ])
    expect(parts).toEqual([
      ['REQUEST', '2', '7F3K29QX@plexus'],
      ['REQUEST', '3', '7F3K29QX@plexus'],
      ['CANCEL', '4', '7F3K29QX@plexus'],
    ])
    expect(textOf(mails[1])).toContain('Avant : mardi 12 janvier 2027')
    expect(textOf(mails[2])).toContain('Remboursement : 30,00 €')
    expect(textOf(mails[2])).toContain('Motif : Grippe')
    const url = `https://plexus.example/bookings/${Buffer.from(`Booking:${entityId}`).toString('base64url')}`
    for (const mail of mails) expect(mail.text).toContain(url)
  })

  test('a part that is absent or not known yet is left out, and the mail is sent', async () => {
    const { people } = await pair()
    const unknown = { location: 'ON_THE_MOON', price: 'sixty', cancelledBy: 'robot', seats: null }
    await world.tell('cancelled', { ...payloadOf(people), ...unknown })
    expect(await world.round(mailer)).toBe(2)
    const text = textOf(mailTo('alice@example.org'))
    expect(text).toContain('Votre rendez-vous avec Sophie Tremblay est annulé.')
    expect(text).not.toMatch(/Lieu|Prix|Remboursement|Places/)
  })

  test('an event that comes again, or that is old news, makes no mail', async () => {
    const { people } = await pair()
    const first = await world.tell('confirmed', payloadOf(people))
    await world.admin`delete from users.inbox`
    await world.admin`update users.consumer set position = 0 where name = 'users.mail'`
    const old = new Date(world.now().getTime() - 4 * 86_400_000)
    await world.tell('confirmed', payloadOf(people), { at: old })
    await world.tell('confirmed', { ...people, version: 2 })
    const again = await world.tell('cancelled', payloadOf(people), { entityId: first.entityId })
    const rows = await world.admin`select event_id from users.mail`
    expect(new Set(rows.map(({ eventId }) => eventId))).toEqual(new Set([first.id, again.id]))
    expect(rows).toHaveLength(4)
  })
})

describe('nothing is lost and nothing is doubled', () => {
  test('[FC-60] [BC-16] over ten minutes without an SMTP server, by two workers', async () => {
    const { people } = await pair()
    await sink.stop()
    const dead = smtpMailer(sink.port)
    for (let minute = 0; minute < 10; minute += 1) {
      await world.tell('confirmed', payloadOf(people))
      await Promise.all([world.round(dead), world.round(dead)])
      world.passMinutes(1)
    }
    expect(new Set(await states())).toEqual(new Set(['WAITING']))
    sink = await smtpSink({ port: sink.port })
    for (let minute = 0; minute < 20; minute += 1) {
      await Promise.all([world.round(dead), world.round(dead)])
      world.passMinutes(1)
    }
    expect(await states()).toEqual(Array(20).fill('SENT'))
    expect(sink.mails).toHaveLength(20)
    expect(new Set(idsOf(sink.mails)).size).toBe(20)
  })

  test('two workers at once send each mail once', async () => {
    const { people } = await pair()
    for (let index = 0; index < 10; index += 1) await world.tell('confirmed', payloadOf(people))
    const sent = await Promise.all([world.round(mailer), world.round(mailer), world.round(mailer)])
    expect(sent.reduce((sum, count) => sum + count)).toBe(20)
    expect(new Set(idsOf(sink.mails)).size).toBe(20)
    expect(sink.mails).toHaveLength(20)
  })

  test('a mail whose worker was killed is taken again when its lease ends, under the same Message-ID', async () => {
    const { people } = await pair()
    await world.tell('confirmed', payloadOf(people))
    // The server has the mail, and the process never hears of it.
    const killed: Mailer = {
      destination: '',
      send: async (mail) => {
        await mailer.send(mail)
        await new Promise(() => {})
      },
    }
    void world.round(killed)
    while (sink.mails.length < 1) await Bun.sleep(5)
    await world.round(mailer)
    expect(sink.mails).toHaveLength(2)
    expect(await states()).toContain('WAITING')
    world.passMinutes(6)
    await world.round(mailer)
    expect(await states()).toEqual(['SENT', 'SENT'])
    expect(sink.mails).toHaveLength(3)
    expect(new Set(idsOf(sink.mails)).size).toBe(2)
  })

  test('a person who is not known yet gets the mail when they have arrived', async () => {
    const coach = await world.person({ email: 'sophie@example.org' })
    const clientId = crypto.randomUUID()
    await world.tell('confirmed', payloadOf({ clientId, coachId: coach.id }))
    expect(await world.round(mailer)).toBe(0)
    await world.person({ id: clientId, email: 'late@example.org' })
    world.passMinutes(1)
    expect(await world.round(mailer)).toBe(2)
    expect(mailTo('late@example.org')?.text).toContain('Bonjour Alice')
  })

  test('a mail that waits holds back the later ones of its booking, and no other', async () => {
    const { people } = await pair()
    const { entityId } = await world.tell('confirmed', payloadOf(people))
    await world.round(silent)
    await world.tell('cancelled', { ...payloadOf(people), version: 3 }, { entityId })
    await world.tell('confirmed', payloadOf(people))
    expect(await world.round(mailer)).toBe(2)
    world.passMinutes(1)
    expect(await world.round(mailer)).toBe(4)
    const order = sink.mails.filter((mail) => addressOf(mail) === 'alice@example.org')
    expect(order.map(({ subject }) => subject?.split(' ')[0])).toEqual([
      'Confirmé',
      'Confirmé',
      'Annulé',
    ])
  })

  test('an address that does not exist is given up at once; the others go on', async () => {
    const { people } = await pair()
    await sink.stop()
    sink = await smtpSink({
      onRecipient: (address) => {
        if (address.startsWith('alice')) throw smtpRefusal(550, `5.1.1 <${address}> is unknown`)
      },
    })
    await world.tell('confirmed', payloadOf(people))
    await world.round(smtpMailer(sink.port))
    expect((await states()).toSorted()).toEqual(['GIVEN_UP', 'SENT'])
    const line = world.lines.find((text) => text.includes('given up')) ?? ''
    expect(line).toContain('is unknown')
    expect(world.lines.join()).not.toContain('alice@')
    expect(JSON.stringify(await world.rows())).not.toContain('alice@')
  })

  test('after three days of trying a mail is given up, with a line in the log', async () => {
    const { people } = await pair()
    await world.tell('confirmed', payloadOf(people))
    await world.round(silent)
    for (let day = 0; day < 4; day += 1) {
      expect(await states()).toEqual(['WAITING', 'WAITING'])
      world.passMinutes(18 * 60 + 1)
      await world.round(silent)
    }
    expect(await states()).toEqual(['GIVEN_UP', 'GIVEN_UP'])
    expect(world.lines.filter((line) => line.includes('is given up'))).toHaveLength(2)
  })
})

describe('a mail row', () => {
  test('is read by the system alone', async () => {
    const { client, people } = await pair()
    await world.tell('confirmed', payloadOf(people))
    const seenBy = (scopes: string[]) =>
      database(world.sql, { userId: client.id, scopes: new Set(scopes) }).read(
        (sql) => sql`select id from mail`,
      )
    expect(await seenBy(['users:admin', 'users:read', 'bookings:admin'])).toHaveLength(0)
    expect(await seenBy(['system'])).toHaveLength(2)
  })

  test('names nobody, and goes 30 days after it was sent', async () => {
    const { people } = await pair()
    await world.tell('confirmed', payloadOf(people))
    const [row] = await world.admin`select mail::text as text from users.mail`
    expect(row?.text).not.toMatch(/Alice|Sophie|@/)
    await world.round(mailer)
    world.passMinutes(29 * 24 * 60)
    await world.tell('confirmed', payloadOf(people))
    await world.forget()
    expect(await states()).toHaveLength(4)
    world.passMinutes(2 * 24 * 60)
    await world.forget()
    expect(await states()).toEqual(['WAITING', 'WAITING'])
  })
})
