import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { type LetterKind, letterKinds, letterOwner } from '#kit/letter'
import { type SmtpSink, smtpSink } from '../../../stack/testing/smtp-sink.ts'
import type { Mailer } from '../mail/mailer.ts'
import { letterVault, type MailWorld, mailWorld, smtpMailer } from './mail-world.ts'

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

const newToken = () => randomBytes(32).toString('base64url')
const hasLink = (kind: LetterKind) => kind === 'VERIFY_EMAIL' || kind === 'RESET_PASSWORD'

/** What the accounts tell of a letter. */
function payloadOf(personId: string, kind: LetterKind, token = newToken()) {
  if (!hasLink(kind)) return { personId, kind, sealedToken: null, expiresAt: null }
  const sealed = letterVault.seal(token, letterOwner({ personId, kind }))
  const expiresAt = new Date(world.now().getTime() + 3_600_000).toISOString()
  return { personId, kind, sealedToken: sealed.toString('base64url'), expiresAt }
}

const silent: Mailer = {
  destination: 'nowhere',
  send: () => Promise.reject(new Error('Connection refused')),
}
const everything = async () =>
  JSON.stringify([
    await world.admin`select mail::text from users.mail`,
    await world.admin`select event::text from bus.event`,
    await world.admin`select inbox::text from users.inbox`,
  ])

describe('a letter about an account', () => {
  test.each([
    ['VERIFY_EMAIL', 'Confirmez votre adresse e-mail', 'Confirm your e-mail address', '/verify'],
    ['RESET_PASSWORD', 'Choisissez un nouveau mot de passe', 'Choose a new password', '/reset'],
    ['ACCOUNT_EXISTS', 'Vous avez déjà un compte', 'You already have an account', '/login'],
    ['PASSWORD_CHANGED', 'Votre mot de passe a changé', 'Your password has changed', '/reset'],
    ['PASSKEY_ADDED', 'Clé d’accès ajoutée', 'Passkey added', '/security'],
  ] as const)('%s is told in the reader’s language, with its link', async (kind, fr, en, path) => {
    for (const [locale, subject] of [
      ['fr', fr],
      ['en', en],
    ] as const) {
      const { id } = await world.person({ locale, displayName: 'Léa <b>' })
      const token = newToken()
      await world.askLetter(payloadOf(id, kind, token))
      expect(await world.round(mailer)).toBe(1)
      const mail = sink.mails.at(-1)
      const url = `https://plexus.example${path}${hasLink(kind) ? `#token=${token}` : ''}`
      expect(mail?.subject).toBe(subject)
      expect(mail?.to?.value[0]?.address).toBe(`${id}@example.org`)
      expect(mail?.text).toContain(`${url}\n`)
      expect(mail?.html).toContain(`href="${url}"`)
      expect(mail?.html).not.toContain('Léa <b>')
      expect(mail?.html).not.toContain('<table')
      expect(mail?.attachments).toEqual([])
    }
  })

  test('every kind that is asked for has its words in both languages', async () => {
    const { id } = await world.person()
    for (const kind of letterKinds) await world.askLetter(payloadOf(id, kind))
    expect(await world.round(mailer)).toBe(letterKinds.length)
  })

  test('comes once, however often its event does', async () => {
    const { id } = await world.person()
    const payload = payloadOf(id, 'VERIFY_EMAIL')
    await world.askLetter(payload)
    await world.admin`delete from users.inbox`
    await world.admin`update users.consumer set position = 0 where name = 'users.account-mail'`
    await world.askLetter(payloadOf(id, 'PASSWORD_CHANGED'))
    expect(await world.round(mailer)).toBe(2)
  })
})

/** What a stranger would have us write to somebody whose address they give. */
const bait = 'Win 1000 € on https://evil.example'

describe('a letter that anybody can have sent', () => {
  test.each(['VERIFY_EMAIL', 'RESET_PASSWORD'] as const)(
    '%s says no name, for a stranger may have chosen it',
    async (kind) => {
      const { id } = await world.person({ displayName: bait })
      await world.askLetter(payloadOf(id, kind))
      await world.round(mailer)
      const [mail] = sink.mails
      expect(JSON.stringify([mail?.text, mail?.html, ...(mail?.headers ?? [])])).not.toContain(
        'evil.example',
      )
      expect(mail?.text).toStartWith('Bonjour,')
    },
  )

  test('and one about what its owner did greets them by it', async () => {
    const { id } = await world.person({ displayName: bait })
    await world.askLetter(payloadOf(id, 'PASSWORD_CHANGED'))
    await world.round(mailer)
    expect(sink.mails[0]?.text).toStartWith(`Bonjour ${bait},`)
  })
})

describe('a token', () => {
  test('lies in clear in no table, and not even sealed once its letter is settled', async () => {
    const { id } = await world.person()
    const token = newToken()
    const payload = payloadOf(id, 'RESET_PASSWORD', token)
    await world.askLetter(payload)
    await world.round(silent)
    expect(await everything()).not.toContain(token)
    const [waiting] = await world.admin`select sealed_token from users.mail`
    expect(waiting?.sealedToken.toString('base64url')).toBe(payload.sealedToken)
    world.passMinutes(1)
    await world.round(mailer)
    expect(sink.mails[0]?.text).toContain(token)
    const [sent] = await world.admin`select state, sealed_token from users.mail`
    expect(sent).toMatchObject({ state: 'SENT', sealedToken: null })
    expect(world.lines.join()).not.toContain(token)
  })

  test('sealed for another person or another letter opens nothing, and nothing is sent', async () => {
    const [eve, ada] = [await world.person(), await world.person()]
    const { sealedToken } = payloadOf(ada.id, 'RESET_PASSWORD')
    await world.askLetter({ ...payloadOf(eve.id, 'RESET_PASSWORD'), sealedToken })
    await world.askLetter({ ...payloadOf(ada.id, 'VERIFY_EMAIL'), sealedToken })
    expect(await world.round(mailer)).toBe(0)
    const rows = await world.admin`select state, sealed_token from users.mail`
    expect(rows.map(({ state, sealedToken }) => ({ state, sealedToken }))).toEqual([
      { state: 'GIVEN_UP', sealedToken: null },
      { state: 'GIVEN_UP', sealedToken: null },
    ])
  })

  test('whose hour is over is not sent any more', async () => {
    const { id } = await world.person()
    await world.askLetter(payloadOf(id, 'RESET_PASSWORD'))
    await world.round(silent)
    world.passMinutes(61)
    expect(await world.round(mailer)).toBe(0)
    expect(sink.mails).toHaveLength(0)
    expect((await world.rows()).map(({ state }) => state)).toEqual(['GIVEN_UP'])
    const late = payloadOf(id, 'VERIFY_EMAIL')
    world.passMinutes(61)
    await world.askLetter(late)
    expect(await world.rows()).toHaveLength(1)
  })
})
