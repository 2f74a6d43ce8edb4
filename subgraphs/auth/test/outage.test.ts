import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { AppError } from '#kit/errors'
import { type Database, database, systemContext } from '#kit/postgres'
import { newBrowser } from './browser.ts'
import { addAccount, asClient, newWorld, openSignIn, signedIn, type World } from './world.ts'

let world: World
let isAway = false

/** The room's database, until it is away. */
const breakable = (inner: () => Database): Database => {
  const guard = () => {
    if (isAway) throw new AppError('UNAVAILABLE', 'The data is out of reach for a moment.')
  }
  return {
    read: async (query) => {
      guard()
      return inner().read(query)
    },
    write: async (work) => {
      guard()
      return inner().write(work)
    },
  }
}

beforeAll(async () => {
  world = await newWorld({ db: breakable(() => database(world.sql, systemContext)) })
})
afterAll(() => world.stop())

describe('without its database', () => {
  test('the page says so with 503 and goes on by itself when it is back', async () => {
    const { email } = await addAccount(world.sql)
    const opened = await openSignIn(world, { browser: newBrowser('en') })
    isAway = true
    const answer = await opened.browser.get(opened.url)
    const page = await answer.text()
    expect(answer.status).toBe(503)
    expect(page).toContain('One moment, please')
    expect(page).toContain('temporarily_unavailable')
    isAway = false
    expect((await opened.browser.get(opened.url)).status).toBe(200)
    expect((await signedIn(world, email)).tokens.access_token).toBeString()
  })

  test('the application is told 503 and not that its refresh token is bad', async () => {
    const { email } = await addAccount(world.sql)
    const { tokens } = await signedIn(world, email)
    const fields = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }
    isAway = true
    const refused = await asClient(world.issuer, '/token', fields)
    expect(refused).toMatchObject({ status: 503, body: { error: 'server_error' } })
    isAway = false
    expect((await asClient(world.issuer, '/token', fields)).status).toBe(200)
  })
})
