import { describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import type { Transaction } from '#kit/postgres'
import type { Directory, NewDirectoryAccount } from './directory.ts'
import { hashPassword } from './password.ts'

export type DirectoryUnderTest = {
  readonly directory: Directory
  write<T>(work: (sql: Transaction) => Promise<T>): Promise<T>
  /** Signs in where the directory's accounts do. */
  maySignIn(email: string, password: string): Promise<boolean>
}

const first = 'four unrelated warm words'
const second = 'another set of cold letters'

type Under = () => Promise<DirectoryUnderTest>

const draft = async (change: Partial<NewDirectoryAccount> = {}): Promise<NewDirectoryAccount> => ({
  email: `${randomBytes(6).toString('hex')}@example.org`,
  displayName: 'Ada Moreau',
  locale: 'fr',
  roles: ['CLIENT'],
  emailVerified: true,
  passwordHash: await hashPassword(first),
  ...change,
})

async function created(under: Under, change: Partial<NewDirectoryAccount> = {}) {
  const { directory, write } = await under()
  const wanted = await draft(change)
  const account = await write((sql) => directory.create(sql, wanted))
  if (!account) throw new Error('The e-mail is taken.')
  return account
}

/** What every directory promises. `start` is asked once, when the first test runs. */
export function directoryContract(name: string, start: Under): void {
  let started: Promise<DirectoryUnderTest> | null = null
  const under = () => {
    started ??= start()
    return started
  }
  describe(`directory ${name}`, () => {
    findsAccounts(under)
    makesAccounts(under)
    changesAccounts(under)
  })
}

function findsAccounts(under: Under): void {
  test('an account is found by its id and by its e-mail in any case', async () => {
    const { directory, write } = await under()
    const account = await created(under, { roles: ['CLIENT', 'COACH'], locale: 'en' })
    expect(account).toMatchObject({ displayName: 'Ada Moreau', locale: 'en', disabledAt: null })
    expect([...account.roles].sort()).toEqual(['CLIENT', 'COACH'])
    const found = await write((sql) => directory.findByEmail(sql, account.email.toUpperCase()))
    expect(found).toEqual(account)
    expect(await write((sql) => directory.find(sql, account.id))).toEqual(account)
  })

  test('nobody is found under an id or an e-mail that nobody has', async () => {
    const { directory, write } = await under()
    expect(await write((sql) => directory.find(sql, crypto.randomUUID()))).toBeNull()
    expect(await write((sql) => directory.findByEmail(sql, 'nobody@example.org'))).toBeNull()
  })
}

function makesAccounts(under: Under): void {
  test('the password of a new account signs in, also when it came as a hash', async () => {
    const { maySignIn } = await under()
    const { email } = await created(under)
    expect(await maySignIn(email, first)).toBe(true)
    expect(await maySignIn(email, second)).toBe(false)
  })

  test('a name is kept as it was written, with whatever signs it has', async () => {
    const names = ['Ada (Lovelace) & <Co>', 'O’Hara; #1 / "Jr."', '😀'.repeat(120)]
    for (const displayName of names)
      expect(await created(under, { displayName })).toMatchObject({ displayName })
  })

  test('a taken e-mail gives null in any case, and the account stays as it was', async () => {
    const { directory, write, maySignIn } = await under()
    const { id, email } = await created(under)
    const wanted = await draft({
      email: email.toUpperCase(),
      passwordHash: await hashPassword(second),
      displayName: 'Eve',
    })
    expect(await write((sql) => directory.create(sql, wanted))).toBeNull()
    const found = await write((sql) => directory.find(sql, id))
    expect(found?.displayName).toBe('Ada Moreau')
    expect(await maySignIn(email, first)).toBe(true)
  })

  test('an account whose e-mail was never verified gives way to the next who registers', async () => {
    const { directory, write, maySignIn } = await under()
    const { email } = await created(under, { emailVerified: false })
    const wanted = await draft({
      email,
      emailVerified: false,
      passwordHash: await hashPassword(second),
    })
    const account = await write((sql) => directory.create(sql, wanted))
    expect(account).toMatchObject({ email, emailVerified: false })
    await write((sql) => directory.confirmEmail(sql, { id: account?.id ?? '', at: new Date() }))
    expect(await maySignIn(email, first)).toBe(false)
    expect(await maySignIn(email, second)).toBe(true)
  })
}

function changesAccounts(under: Under): void {
  test('a new password replaces the old one', async () => {
    const { directory, write, maySignIn } = await under()
    const { id, email } = await created(under)
    const change = { id, password: second, passwordHash: await hashPassword(second) }
    const done = await write((sql) => directory.setPassword(sql, { ...change, at: new Date() }))
    expect(done).toBe(true)
    expect(await maySignIn(email, first)).toBe(false)
    expect(await maySignIn(email, second)).toBe(true)
  })

  test('a confirmed e-mail stays confirmed, roles are replaced as a whole', async () => {
    const { directory, write } = await under()
    const { id } = await created(under, { emailVerified: false })
    const at = new Date()
    for (let count = 0; count < 2; count += 1) {
      expect(await write((sql) => directory.confirmEmail(sql, { id, at }))).toBe(true)
    }
    await write((sql) => directory.setRoles(sql, { id, roles: ['SUPPORT', 'COACH'] }))
    await write((sql) => directory.setRoles(sql, { id, roles: ['COACH'] }))
    const found = await write((sql) => directory.find(sql, id))
    expect(found).toMatchObject({ emailVerified: true, roles: ['COACH'] })
  })

  test('a disabled account does not sign in until it is enabled again', async () => {
    const { directory, write, maySignIn } = await under()
    const { id, email } = await created(under)
    await write((sql) => directory.setDisabled(sql, { id, at: new Date() }))
    const found = await write((sql) => directory.find(sql, id))
    expect(found?.disabledAt).toBeInstanceOf(Date)
    expect(await maySignIn(email, first)).toBe(false)
    await write((sql) => directory.setDisabled(sql, { id, at: null }))
    expect(await maySignIn(email, first)).toBe(true)
  })

  test('a change of nobody says false', async () => {
    const { directory, write } = await under()
    const id = crypto.randomUUID()
    const at = new Date()
    const passwordHash = await hashPassword(first)
    expect(
      await write(async (sql) => [
        await directory.setPassword(sql, { id, password: first, passwordHash, at }),
        await directory.confirmEmail(sql, { id, at }),
        await directory.setRoles(sql, { id, roles: ['CLIENT'] }),
        await directory.setDisabled(sql, { id, at }),
      ]),
    ).toEqual([false, false, false, false])
  })
}
