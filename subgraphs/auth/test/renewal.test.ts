import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import {
  afterPassword,
  claimsOf,
  type FactorWorld,
  isDone,
  newFactorWorld,
  personWithApp,
  type Shown,
  send,
} from './second-factor.ts'
import { addAccount, openSignIn, password, submitSignIn } from './world.ts'

const next = 'another set of cold letters'
const daySeconds = 86_400

let world: FactorWorld
beforeAll(async () => {
  world = await newFactorWorld({ maxAgeDays: 90 })
})
afterAll(() => world.stop())

const signInWith = async (email: string, given: string) => {
  const opened = await openSignIn(world)
  const landed = await submitSignIn(opened, { email, password: given })
  return landed.url
}
const expire = (id: string) =>
  world.db.write(
    (sql) => sql`update account set credential_expires_at = ${world.now()} where id = ${id}`,
  )
/** The world's clock is ahead of the database's. */
async function newPerson() {
  const account = await addAccount(world.sql)
  await world.db.write(
    (sql) => sql`update account set password_changed_at = ${world.now()} where id = ${account.id}`,
  )
  return account
}
const newSecretOn = ({ page }: Shown) => /<code>([A-Z2-7]{32})<\/code>/.exec(page)?.[1] ?? ''
const isFirstPage = ({ page }: Shown) => page.includes('name="email"')
const hasPasswordForm = ({ page }: Shown) => page.includes('name="next-password"')

describe('a password that has expired', () => {
  test('[MS-13] by its age forces a new password, and a new key of the app, before anybody is let in', async () => {
    const { email, secret } = await personWithApp(world)
    world.later(90 * daySeconds)
    const asked = await afterPassword(world, email)
    const afterCode = await send(asked, { code: world.code(secret) })
    expect(isDone(afterCode)).toBe(false)
    const fresh = newSecretOn(afterCode)
    expect(fresh).not.toBe('')
    expect(fresh).not.toBe(secret)
    // The old app's code renews nothing, and the password does not come first.
    expect((await send(afterCode, { 'new-code': world.code(secret, 1) })).status).toBe(422)
    expect(hasPasswordForm(await send(afterCode, { 'next-password': next }))).toBe(false)
    const atPassword = await send(afterCode, { 'new-code': world.code(fresh) })
    expect(hasPasswordForm(atPassword)).toBe(true)
    const unchanged = await send(atPassword, { 'next-password': password })
    expect(unchanged.status).toBe(422)
    expect(unchanged.page).toContain('votre mot de passe actuel')
    const done = await send(atPassword, { 'next-password': next })
    expect(isDone(done)).toBe(true)
    expect(await claimsOf(world, done)).toMatchObject({ acr: '2' })
    // From now on the new ones count, and the old ones do not.
    expect(await signInWith(email, password)).not.toContain('code=')
    const again = await openSignIn(world)
    const landed = await submitSignIn(again, { email, password: next })
    const codePage = { ...again, url: landed.url, page: '', status: 200 }
    expect((await send(codePage, { code: world.code(secret, 1) })).status).toBe(422)
    expect(isDone(await send(codePage, { code: world.code(fresh, 1) }))).toBe(true)
  })

  test('by an end of its own does so too, and a young one does not', async () => {
    const { email, id } = await newPerson()
    expect(isDone(await afterPassword(world, email))).toBe(true)
    await expire(id)
    const asked = await afterPassword(world, email)
    expect(hasPasswordForm(asked)).toBe(true)
    expect((await send(asked, { 'next-password': 'motdepasse123' })).status).toBe(422)
    expect(isDone(await send(asked, { 'next-password': next }))).toBe(true)
    expect(await signInWith(email, next)).toContain('code=')
  })

  test('is not renewed by leaving half-way: the next sign-in begins again', async () => {
    const { email, id, secret } = await personWithApp(world)
    await expire(id)
    const first = await send(await afterPassword(world, email), { code: world.code(secret) })
    const fresh = newSecretOn(first)
    await send(first, { 'new-code': world.code(fresh) })
    world.later(60)
    const second = await send(await afterPassword(world, email), { code: world.code(fresh, 1) })
    expect(isDone(second)).toBe(false)
    expect(newSecretOn(second)).not.toBe(fresh)
  })

  test('gives nobody more than twenty minutes', async () => {
    const { email, id } = await newPerson()
    await expire(id)
    const asked = await afterPassword(world, email)
    world.later(21 * 60)
    const late = await send(asked, { 'next-password': next })
    expect(isDone(late)).toBe(false)
    expect(late.page).toContain('name="email"')
    expect(await signInWith(email, next)).not.toContain('code=')
  })
})

describe('whoever waits to renew a password', () => {
  async function atRenewal() {
    const person = await newPerson()
    await expire(person.id)
    return { ...person, asked: await afterPassword(world, person.email) }
  }

  test('is nobody any more once its owner has another one', async () => {
    const { email, id, asked } = await atRenewal()
    world.later(1)
    await world.db.write(
      (sql) => sql`
        update account
        set password_changed_at = ${world.now()}, credential_expires_at = null
        where id = ${id}`,
    )
    const late = await send(asked, { 'next-password': next })
    expect(isDone(late)).toBe(false)
    expect(isFirstPage(late)).toBe(true)
    expect(await signInWith(email, next)).not.toContain('code=')
    expect(await signInWith(email, password)).toContain('code=')
  })

  test('is nobody any more once the account is closed', async () => {
    const { id, asked } = await atRenewal()
    await world.db.write((sql) => sql`update account set disabled_at = now() where id = ${id}`)
    expect(isFirstPage(await send(asked, { 'next-password': next }))).toBe(true)
  })

  test('renews it once, however many wait', async () => {
    const { email, asked } = await atRenewal()
    const other = await afterPassword(world, email)
    const sent = await Promise.all([
      send(asked, { 'next-password': next }),
      send(other, { 'next-password': `${next} again` }),
    ])
    expect(sent.filter(isDone)).toHaveLength(1)
  })
})

describe('an address that is not proven', () => {
  test('lets nobody in, sends another link on request, and no more than five an hour', async () => {
    const { email, id } = await newPerson()
    await world.db.write((sql) => sql`update account set email_verified_at = null where id = ${id}`)
    const asked = await afterPassword(world, email)
    expect(isDone(asked)).toBe(false)
    expect(asked.page).toContain('Confirmez votre adresse e-mail')
    for (let count = 0; count < 7; count += 1) {
      expect((await send(asked, { resend: 'yes' })).page).toContain('role="status"')
    }
    const [asks] = await world.db.read(
      (sql) => sql`select
        (select count(*) from account_request where email = ${email})
        + (select count(*) from one_time_token where person_id = ${id}) as count`,
    )
    expect(asks?.count).toBe(5)
    expect(isDone(await send(asked, { 'next-password': next }))).toBe(false)
    await world.db.write(
      (sql) => sql`update account set email_verified_at = now() where id = ${id}`,
    )
    expect(isDone(await afterPassword(world, email))).toBe(true)
  })
})
