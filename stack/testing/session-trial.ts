import { toGlobalId } from '#kit/id'
import { database, systemContext } from '#kit/postgres'
import { readEvents } from '../../gateway/test/event-reader.ts'
import { clientId } from '../../gateway/test/provider.ts'
import { endSessionsOf, setSessionRoles } from '../../subgraphs/auth/session/step-up.ts'
import type { Fleet, FleetSession, Instance } from './fleet.ts'

const follow = 'subscription ($id: ID!) { coachCalendarChanged(coachId: $id) { kind } }'
const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout'

type Sent = { readonly cookie: string; readonly query: string; readonly variables?: object }

const send = ({ origin }: Fleet, { url }: Instance, { cookie, query, variables }: Sent) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      ...{ cookie, origin, 'content-type': 'application/json' },
      accept: query.startsWith('subscription') ? 'text/event-stream' : 'application/json',
    },
    body: JSON.stringify({ query, variables }),
  })

/** How a session ends, or becomes another one, each through the way that a deployment has for it. */
const ways = {
  'signing out': (fleet: Fleet, { cookie }: FleetSession) =>
    fetch(`${fleet.instances[0]?.url}/auth/logout`, {
      method: 'POST',
      headers: { cookie, origin: fleet.origin, 'x-plexus-csrf': '1' },
    }),
  'signing out everywhere, from another browser': async (
    fleet: Fleet,
    { personId }: FleetSession,
  ) => {
    const { cookie } = await fleet.openSession({ personId })
    const query = 'mutation { revokeAllSessions { count } }'
    return fleet.instances[1] && send(fleet, fleet.instances[1], { cookie, query })
  },
  'a back-channel logout': async (fleet: Fleet, { personId }: FleetSession) => {
    const at = Math.floor(Date.now() / 1_000)
    const token = await fleet.provider.sign(
      {
        ...{ iss: fleet.provider.issuer, aud: clientId, sub: personId, jti: crypto.randomUUID() },
        ...{ iat: at, exp: at + 60, events: { [logoutEvent]: {} } },
      },
      { typ: 'logout+jwt' },
    )
    return fetch(`${fleet.instances[2]?.url}/auth/backchannel-logout`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: token }),
    })
  },
  'a disabled person': (fleet: Fleet, { personId }: FleetSession) =>
    authOf(fleet).write((sql) => endSessionsOf(sql, { personId, at: new Date(), reason: 'trial' })),
  'other roles': (fleet: Fleet, { personId }: FleetSession) =>
    authOf(fleet).write((sql) =>
      setSessionRoles(sql, { personId, roles: ['CLIENT'], at: new Date() }),
    ),
} as const

export type Way = keyof typeof ways
export const allWays = Object.keys(ways) as Way[]

const pools = new WeakMap<Fleet, ReturnType<typeof database>>()

function authOf(fleet: Fleet) {
  const known = pools.get(fleet) ?? database(fleet.system.db.connect('auth'), systemContext)
  pools.set(fleet, known)
  return known
}

/** The roles that an instance answers with; null when it takes the browser for nobody. */
async function rolesAt({ url }: Instance, cookie: string): Promise<string | null> {
  const response = await fetch(`${url}/auth/session`, { headers: { cookie } })
  const session = await response.json()
  return session.authenticated ? session.roles.join() : null
}

const lookEveryMs = 4
const giveUpMs = 10_000

/** Until what the instance answers with is no longer that. */
async function answersOtherwise(instance: Instance, cookie: string, roles: string) {
  const giveUpAt = performance.now() + giveUpMs
  while ((await rolesAt(instance, cookie)) === roles) {
    if (performance.now() > giveUpAt) throw new Error('The session never ended.')
    await Bun.sleep(lookEveryMs)
  }
}

/**
 * One person with a stream open on every instance; the milliseconds from the beginning of the act to
 * the end of the last of them, and to the last instance that still knew the session as it was.
 */
export async function endAndTime(fleet: Fleet, way: Way): Promise<number> {
  const session = await fleet.openSession()
  const { cookie, personId } = session
  const variables = { id: toGlobalId('Coach', personId) }
  const streams = await Promise.all(
    fleet.instances.map(async (instance) => {
      const response = await send(fleet, instance, { cookie, query: follow, variables })
      if (response.headers.get('content-type')?.startsWith('text/event-stream'))
        return readEvents(response)
      throw new Error(`No stream: ${await response.text()}`)
    }),
  )
  for (const instance of fleet.instances) {
    if ((await rolesAt(instance, cookie)) !== 'COACH') throw new Error('The session is not live.')
  }
  const startedAt = performance.now()
  const ended = Promise.all([
    ...streams.map((stream) => stream.rest()),
    ...fleet.instances.map((instance) => answersOtherwise(instance, cookie, 'COACH')),
  ])
  await ways[way](fleet, session)
  await ended
  return performance.now() - startedAt
}
