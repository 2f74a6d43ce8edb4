import { describe, expect, test } from 'bun:test'
import { testIdentity } from '../../../stack/testing/subgraph.ts'
import { configFrom } from '../config.ts'

const { publicJwks } = await testIdentity()
const env = {
  DATABASE_URL: 'postgres://svc_users@localhost/plexus',
  IDENTITY_PUBLIC_JWKS: JSON.stringify({ keys: publicJwks }),
  PUBLIC_ORIGIN: 'https://plexus.example',
  LETTER_KEYS: `now:${'k'.repeat(43)}`,
}
const smtpOf = (SMTP_URL: string) => configFrom({ ...env, SMTP_URL }).mail.smtp

describe('where mails go', () => {
  test.each([
    [
      'smtps://u:p%40ss@mail.example',
      { host: 'mail.example', port: 465, tls: 'implicit', auth: { user: 'u', pass: 'p@ss' } },
    ],
    ['smtp://mail.example', { host: 'mail.example', port: 587, tls: 'required', auth: null }],
    [
      'smtp://mail.example:25?tls=offered',
      { host: 'mail.example', port: 25, tls: 'offered', auth: null },
    ],
    ['smtp://localhost:1025', { host: 'localhost', port: 1025, tls: 'offered', auth: null }],
    ['smtp://[::1]:1025', { host: '::1', port: 1025, tls: 'offered', auth: null }],
  ] as const)('%s', (url, server) => {
    expect(smtpOf(url)).toEqual(server)
  })

  test('has to be said: a server, or a folder', () => {
    expect(() => configFrom(env)).toThrow(/SMTP_URL/)
    expect(() => configFrom({ ...env, LETTER_KEYS: undefined })).toThrow(/LETTER_KEYS/)
    expect(configFrom({ ...env, MAIL_FOLDER: '/var/mail' }).mail).toMatchObject({
      smtp: null,
      folder: '/var/mail',
      sender: { name: 'Plexus', address: 'no-reply@plexus.example' },
    })
  })

  test.each(['mail.example', 'https://mail.example', 'smtp://', 'smtp:mail'])(
    '%p is no server',
    (url) => {
      expect(() => smtpOf(url)).toThrow(/SMTP_URL: must be/)
    },
  )

  test('no fault repeats a password, and all are told at once', () => {
    const bad = {
      ...env,
      SMTP_URL: 'http://u:hunter2@h',
      MAIL_FROM: 'nobody',
      PUBLIC_ORIGIN: 'http://plexus.example',
    }
    expect(() => configFrom(bad)).toThrow(/PUBLIC_ORIGIN[\s\S]*SMTP_URL[\s\S]*MAIL_FROM/)
    expect(() => configFrom(bad)).not.toThrow(/hunter2/)
  })
})
