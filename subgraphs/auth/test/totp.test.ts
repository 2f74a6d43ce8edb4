import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createVault } from '#kit/vault'
import { viewerWith } from '../../../stack/testing/subgraph.ts'
import { newAuthenticator } from './authenticator.ts'
import {
  type Answer,
  codeOf,
  type FactorGraph,
  mutate,
  newFactorGraph,
  newPerson,
  type Person,
  refusal,
  securityOf,
  sessionOf,
  steppedUp,
  totpKeys,
  withTotp,
} from './factors.ts'
import { textInQr } from './qr.ts'
import { password } from './world.ts'

let graph: FactorGraph
beforeAll(async () => {
  graph = await newFactorGraph()
})
afterAll(() => graph.stop())

const enrol = (person: Person, given: { password?: string } = {}) =>
  mutate(graph, person.viewer, 'enrolTotp', given)
const verify = (person: Person, code: string) =>
  mutate(graph, person.viewer, 'verifyTotp', { code })
const typesOf = (answers: Answer[]) => answers.map(({ __typename }) => __typename).sort()

const sessionRow = async (id: string | null) => {
  const [row] = await graph.admin<{ acr: string; acrAt: Date | null }[]>`
    select acr, acr_at from auth.web_session where id = ${id}`
  return row
}

const toldOf = async (personId: string) => {
  const rows = await graph.admin<{ topic: string; payload: Record<string, unknown> }[]>`
    select topic, payload from auth.outbox
    where entity_id = ${personId} and topic in ('auth.audited', 'auth.letter-requested') order by id`
  return rows.map(({ topic, payload }) => `${topic} ${payload.action ?? payload.kind}`)
}

describe('enrolTotp', () => {
  test('[MS-07] gives a secret and a QR code of it that a phone reads, and stores it', async () => {
    const ada = await newPerson(graph)
    const enrolment = await enrol(ada)
    expect(enrolment.__typename).toBe('TotpEnrolment')
    expect(enrolment.secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(textInQr(enrolment.qrSvg)).toBe(enrolment.otpauthUrl)
    expect(new URL(enrolment.otpauthUrl).searchParams.get('secret')).toBe(enrolment.secret)
    expect(enrolment.qrSvg).toStartWith('<svg')
    expect(new Date(enrolment.expiresAt).getTime() - graph.clock.at.getTime()).toBe(600_000)
    // What was stored is what was told: a code of it counts.
    expect((await verify(ada, codeOf(enrolment.secret, graph))).__typename).toBe('TotpVerified')
  })

  test('[MS-12] the secret is stored, sealed for its owner by a key that the database does not have', async () => {
    const { secret, id } = await withTotp(graph, await newPerson(graph))
    const [row] = await graph.admin<{ secret: Buffer; text: string }[]>`
      select secret, to_jsonb(totp)::text as text from auth.totp where person_id = ${id}`
    const vault = createVault(totpKeys)
    expect(vault.open(row?.secret ?? Buffer.of(), `totp ${id}`)).toBe(secret)
    expect(vault.open(row?.secret ?? Buffer.of(), `totp ${crypto.randomUUID()}`)).toBeNull()
    expect(row?.text).not.toContain(secret)
    expect(row?.text).not.toContain(Buffer.from(secret).toString('hex'))
  })

  test('a key is over when everybody has used a code since: each use seals by the newest one', async () => {
    const { secret, id, ...ada } = await withTotp(graph, await newPerson(graph))
    const [newest, older] = totpKeys.map((key) => createVault([key]))
    const byOlder = older?.seal(secret, `totp ${id}`) ?? Buffer.of()
    await graph.admin`update auth.totp set secret = ${byOlder} where person_id = ${id}`
    graph.later(30)
    const code = codeOf(secret, graph)
    expect((await mutate(graph, ada.viewer, 'verifyTotp', { code })).__typename).toBe(
      'TotpVerified',
    )
    const [row] = await graph.admin<{ secret: Buffer }[]>`
      select secret from auth.totp where person_id = ${id}`
    expect(newest?.open(row?.secret ?? Buffer.of(), `totp ${id}`)).toBe(secret)
  })

  test('a secret that was moved to another person does not open there', async () => {
    const [ada, eve] = [await newPerson(graph), await newPerson(graph)]
    const { secret } = await withTotp(graph, ada)
    await enrol(eve)
    await graph.admin`
      update auth.totp set secret = (select secret from auth.totp where person_id = ${ada.id})
      where person_id = ${eve.id}`
    graph.later(30)
    expect((await verify(eve, codeOf(secret, graph))).__typename).toBe('InvalidCodeError')
    expect((await verify(ada, codeOf(secret, graph))).__typename).toBe('TotpVerified')
  })

  test('an enrolment that nobody confirms within ten minutes is over', async () => {
    const ada = await newPerson(graph)
    const { secret } = await enrol(ada)
    graph.later(601)
    expect((await verify(ada, codeOf(secret, graph))).__typename).toBe('InvalidCodeError')
    expect(await securityOf(graph, ada.viewer)).toMatchObject({ totpEnabled: false })
  })

  test('a second enrolment takes the place of the first until one is confirmed; then it conflicts', async () => {
    const ada = await newPerson(graph)
    const [first, second] = [await enrol(ada), await enrol(ada)]
    expect((await verify(ada, codeOf(first.secret, graph))).__typename).toBe('InvalidCodeError')
    expect((await verify(ada, codeOf(second.secret, graph))).__typename).toBe('TotpVerified')
    const again = await mutate(graph, steppedUp(ada.viewer), 'enrolTotp')
    expect(again).toMatchObject({ __typename: 'ConflictError', code: 'CONFLICT' })
  })

  test('a first factor takes a sign-in within 15 minutes, or the password', async () => {
    const ada = await newPerson(graph, { minutesAgo: 16 })
    const refused = { __typename: 'ForbiddenError', path: ['password'] }
    expect(await enrol(ada)).toMatchObject(refused)
    expect(await enrol(ada, { password: 'a wrong one' })).toMatchObject(refused)
    expect((await enrol(ada, { password })).__typename).toBe('TotpEnrolment')
    const fresh = await newPerson(graph, { minutesAgo: 14 })
    expect((await enrol(fresh)).__typename).toBe('TotpEnrolment')
    const program = { ...fresh.viewer, sessionId: null }
    expect(await mutate(graph, program, 'enrolTotp')).toMatchObject(refused)
  })

  test('guessing the password here locks as signing in does', async () => {
    const ada = await newPerson(graph, { minutesAgo: 16 })
    for (const _ of Array(5)) await enrol(ada, { password: 'a wrong one' })
    expect((await enrol(ada, { password })).__typename).toBe('ForbiddenError')
  })
})

describe('verifyTotp', () => {
  test('[MS-08] a right code counts, a wrong one does not, nor one of another person', async () => {
    const [ada, eve] = [
      await withTotp(graph, await newPerson(graph)),
      await withTotp(graph, await newPerson(graph)),
    ]
    graph.later(30)
    const code = codeOf(ada.secret, graph)
    const wrong = code === '000000' ? '000001' : '000000'
    expect(await verify(ada, wrong)).toMatchObject({
      __typename: 'InvalidCodeError',
      code: 'INVALID_CODE',
      attemptsLeft: 4,
      lockedUntil: null,
    })
    expect((await verify(eve, code)).__typename).toBe('InvalidCodeError')
    expect(await verify(ada, code)).toMatchObject({ __typename: 'TotpVerified', acr: '2' })
  })

  test('confirms what waits, gives ten recovery codes once, and tells the audit and its owner', async () => {
    const ada = await withTotp(graph, await newPerson(graph))
    expect(ada.recoveryCodes).toHaveLength(10)
    expect(await securityOf(graph, ada.viewer)).toMatchObject({
      totpEnabled: true,
      recoveryCodesLeft: 10,
    })
    graph.later(30)
    expect((await verify(ada, codeOf(ada.secret, graph))).recoveryCodes).toBeNull()
    expect(await toldOf(ada.id)).toEqual([
      'auth.audited auth.totp-enabled',
      'auth.letter-requested TOTP_ENABLED',
    ])
  })

  test('raises the session that asks, and no other one', async () => {
    const ada = await withTotp(graph, await newPerson(graph))
    const other = await sessionOf(graph, ada.id)
    graph.later(30)
    await verify(ada, codeOf(ada.secret, graph))
    expect(await sessionRow(ada.viewer.sessionId)).toEqual({ acr: '2', acrAt: graph.clock.at })
    expect(await sessionRow(other)).toMatchObject({ acr: '1' })
  })

  test('a code counts once, even when it is sent fifty times at the same moment', async () => {
    const ada = await withTotp(graph, await newPerson(graph))
    graph.later(30)
    const code = codeOf(ada.secret, graph)
    const answers = await Promise.all(Array.from({ length: 50 }, () => verify(ada, code)))
    expect(typesOf(answers).filter((type) => type === 'TotpVerified')).toHaveLength(1)
    graph.later(7_200)
    await verify(ada, codeOf(ada.secret, graph))
    // The next step's code is known early, and uses up the ones before it.
    graph.later(60)
    const [now, next] = [codeOf(ada.secret, graph), codeOf(ada.secret, graph, 1)]
    expect((await verify(ada, next)).__typename).toBe('TotpVerified')
    expect((await verify(ada, now)).__typename).toBe('InvalidCodeError')
  })

  test('fifty wrong codes at the same moment are five tries, and then a right one is locked out', async () => {
    const ada = await withTotp(graph, await newPerson(graph))
    graph.later(30)
    const wrong = codeOf(ada.secret, graph, 40)
    const answers = await Promise.all(Array.from({ length: 50 }, () => verify(ada, wrong)))
    expect(answers.filter(({ attemptsLeft }) => attemptsLeft > 0)).toHaveLength(4)
    expect((await verify(ada, codeOf(ada.secret, graph))).lockedUntil).not.toBeNull()
    const [{ tries } = { tries: 0 }] = await graph.admin<{ tries: number }[]>`
      select count(*)::int as tries from auth.outbox
      where entity_id = ${ada.id} and payload ->> 'action' = 'auth.second-factor-failed'`
    expect(tries).toBe(5)
  })

  test('the lock grows, ends by itself, and a right code ends the count', async () => {
    const ada = await withTotp(graph, await newPerson(graph))
    const lockedFor = async (tries: number) => {
      let last = await verify(ada, 'wrong')
      for (let more = 1; more < tries; more += 1) last = await verify(ada, 'wrong')
      return (new Date(last.lockedUntil ?? 0).getTime() - graph.clock.at.getTime()) / 1_000
    }
    expect(await lockedFor(5)).toBe(60)
    graph.later(61)
    expect(await lockedFor(1)).toBe(120)
    graph.later(121)
    expect((await verify(ada, codeOf(ada.secret, graph))).__typename).toBe('TotpVerified')
    graph.later(30)
    expect((await verify(ada, 'wrong')).attemptsLeft).toBe(4)
  })

  test('codes of every kind share one count', async () => {
    const ada = await withTotp(graph, await newPerson(graph))
    const guess = (name: 'verifyTotp' | 'useRecoveryCode' | 'disableTotp') =>
      mutate(graph, steppedUp(ada.viewer), name, { code: 'AAAA-AAAA-AAAA-AAAA' })
    const left = [
      await guess('verifyTotp'),
      await guess('useRecoveryCode'),
      await guess('disableTotp'),
      await guess('useRecoveryCode'),
      await guess('verifyTotp'),
    ].map(({ attemptsLeft }) => attemptsLeft)
    expect(left).toEqual([4, 3, 2, 1, 0])
    const [code] = ada.recoveryCodes
    const right = await mutate(graph, ada.viewer, 'useRecoveryCode', { code })
    expect(right.lockedUntil).not.toBeNull()
  })

  test('an app that waits cannot be confirmed beside a factor that came meanwhile', async () => {
    const ada = await newPerson(graph)
    const { secret } = await enrol(ada)
    await graph.admin`
      insert into auth.passkey (person_id, credential_id, public_key, counter, transports, label)
      values (${ada.id}, ${Buffer.from(ada.id)}, ${Buffer.of(1)}, 0, '{}', 'key')`
    expect((await verify(ada, codeOf(secret, graph))).__typename).toBe('InvalidCodeError')
    const raised = await mutate(graph, steppedUp(ada.viewer), 'verifyTotp', {
      code: codeOf(secret, graph),
    })
    expect(raised.__typename).toBe('TotpVerified')
  })
})

describe('disableTotp', () => {
  const disable = (person: Person, code: string) =>
    mutate(graph, steppedUp(person.viewer), 'disableTotp', { code })

  test('takes level 2 and one more code, and leaves no code behind', async () => {
    const ada = await withTotp(graph, await newPerson(graph))
    graph.later(30)
    const code = codeOf(ada.secret, graph)
    expect(await refusal(graph, ada.viewer, 'disableTotp', { code })).toBe('FORBIDDEN')
    expect((await disable(ada, 'wrong')).__typename).toBe('InvalidCodeError')
    expect((await disable(ada, code)).__typename).toBe('TotpDisabled')
    expect(await securityOf(graph, ada.viewer)).toMatchObject({
      totpEnabled: false,
      recoveryCodesLeft: 0,
    })
    expect((await disable(ada, codeOf(ada.secret, graph, 1))).__typename).toBe('InvalidCodeError')
  })

  test('uses up no recovery code of somebody who has none', async () => {
    const ada = await newPerson(graph)
    const { options } = await mutate(graph, ada.viewer, 'startPasskeyRegistration')
    const response = newAuthenticator().register(options)
    const added = { label: 'Key', response }
    const { recoveryCodes } = await mutate(graph, ada.viewer, 'finishPasskeyRegistration', added)
    const code = recoveryCodes?.[0]
    const refused = await mutate(graph, steppedUp(ada.viewer), 'disableTotp', { code })
    expect(refused.__typename).toBe('InvalidCodeError')
    const used = await mutate(graph, ada.viewer, 'useRecoveryCode', { code })
    expect(used.__typename).toBe('RecoveryCodeUsed')
  })

  test('works with a recovery code, for whoever lost the app', async () => {
    const ada = await withTotp(graph, await newPerson(graph))
    expect((await disable(ada, ada.recoveryCodes[0] ?? '')).__typename).toBe('TotpDisabled')
  })
})

describe('recovery codes', () => {
  test('raise the session, once each, and only their owner’s', async () => {
    const [ada, eve] = [
      await withTotp(graph, await newPerson(graph)),
      await withTotp(graph, await newPerson(graph)),
    ]
    const [code = ''] = ada.recoveryCodes
    const use = (person: Person) => mutate(graph, person.viewer, 'useRecoveryCode', { code })
    expect((await use(eve)).__typename).toBe('InvalidCodeError')
    const both = await Promise.all([use(ada), use(ada)])
    expect(typesOf(both)).toEqual(['InvalidCodeError', 'RecoveryCodeUsed'])
    expect(await securityOf(graph, ada.viewer)).toMatchObject({ recoveryCodesLeft: 9 })
    expect(await sessionRow(ada.viewer.sessionId)).toMatchObject({ acr: '2' })
    expect(await toldOf(ada.id)).toContain('auth.letter-requested RECOVERY_CODE_USED')
  })

  test('are stored as hashes', async () => {
    const ada = await withTotp(graph, await newPerson(graph))
    const [row] = await graph.admin<{ text: string }[]>`
      select string_agg(to_jsonb(recovery_code)::text, ' ') as text
      from auth.recovery_code where person_id = ${ada.id}`
    for (const code of ada.recoveryCodes) {
      const plain = code.replaceAll('-', '')
      for (const form of [code, plain, Buffer.from(plain).toString('hex')]) {
        expect(row?.text).not.toContain(form)
      }
    }
  })

  test('new ones take level 2 and end the older ones', async () => {
    const ada = await withTotp(graph, await newPerson(graph))
    expect(await refusal(graph, ada.viewer, 'regenerateRecoveryCodes')).toBe('FORBIDDEN')
    const { codes } = await mutate(graph, steppedUp(ada.viewer), 'regenerateRecoveryCodes')
    expect(codes).toHaveLength(10)
    const use = (code?: string) => mutate(graph, ada.viewer, 'useRecoveryCode', { code })
    expect((await use(ada.recoveryCodes[0])).__typename).toBe('InvalidCodeError')
    expect((await use(codes[0])).__typename).toBe('RecoveryCodeUsed')
  })

  test('are not made for somebody without a factor', async () => {
    const ada = await newPerson(graph)
    const answer = await mutate(graph, steppedUp(ada.viewer), 'regenerateRecoveryCodes')
    expect(answer.__typename).toBe('ConflictError')
  })
})

describe('a program that acts for a person', () => {
  test('does nothing with their factors unless it was given all that is theirs', async () => {
    const ada = await withTotp(graph, await newPerson(graph))
    const program = { ...ada.viewer, scopes: new Set(['bookings:read']), sessionId: null }
    expect(await refusal(graph, program, 'useRecoveryCode', { code: 'x' })).toBe('FORBIDDEN')
  })
})

describe('factors are one’s own', () => {
  test.each([
    ['enrolTotp', {}],
    ['verifyTotp', { code: '000000' }],
    ['disableTotp', { code: '000000' }],
    ['useRecoveryCode', { code: 'x' }],
    ['regenerateRecoveryCodes', {}],
  ] as const)(
    '%s is refused to nobody, to a program, and to whoever acts for another',
    async (name, variables) => {
      const ada = await newPerson(graph)
      const program = steppedUp(viewerWith(['PARTNER_APP']))
      expect(await refusal(graph, program, name, variables)).toBe('FORBIDDEN')
      const acting = { ...steppedUp(ada.viewer), actor: crypto.randomUUID() }
      expect(await refusal(graph, null, name, variables)).toBe('UNAUTHENTICATED')
      expect(await refusal(graph, acting, name, variables)).toBe('FORBIDDEN')
    },
  )

  test('whoever acts for another learns nothing of their factors', async () => {
    const ada = await withTotp(graph, await newPerson(graph))
    const acting = { ...ada.viewer, actor: crypto.randomUUID() }
    expect(await securityOf(graph, acting)).toMatchObject({
      totpEnabled: false,
      recoveryCodesLeft: 0,
    })
  })

  test('without a row context this room itself sees none of them', async () => {
    await withTotp(graph, await newPerson(graph))
    for (const table of ['totp', 'recovery_code']) {
      expect(await graph.sql`select 1 from ${graph.sql(table)}`).toHaveLength(0)
      // The unprotected twin: row-level security does not bind the superuser.
      const all = await graph.admin`select 1 from auth.${graph.admin(table)} limit 1`
      expect(all).toHaveLength(1)
    }
  })
})

test('Viewer.security says when the password was changed and that the e-mail is proven', async () => {
  const { id, viewer } = await newPerson(graph)
  const changedAt = '2026-12-01T08:00:00.000Z'
  const expiresAt = '2027-02-01T08:00:00.000Z'
  await graph.admin`
    update auth.account
    set password_changed_at = ${changedAt}, credential_expires_at = ${expiresAt},
      email_verified_at = ${changedAt}
    where id = ${id}`
  expect(await securityOf(graph, viewer)).toEqual({
    totpEnabled: false,
    recoveryCodesLeft: 0,
    passkeys: [],
    passwordChangedAt: changedAt,
    passwordExpiresAt: expiresAt,
    emailVerified: true,
  })
})
