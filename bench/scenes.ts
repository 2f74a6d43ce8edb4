import { join } from 'node:path'
import { offerSessions } from '../stack/testing/coach.ts'
import type { Person } from '../stack/testing/person.ts'
import { bookedSlot } from '../stack/testing/walk.ts'
import type { Scene } from './load.ts'
import type { Shape } from './shapes.ts'

const coaches = 6
const bookings = 5

/** What the page of a person's bookings shows, from four subgraphs: users, bookings, billing, auth. */
const bookingsPage = `{ viewer {
  user { id displayName }
  sessions { id device lastSeenAt }
  bookings(first: 25, order: NEAREST_FIRST) { edges { node {
    id reference status startsAt endsAt timeZone version
    service { id name duration location price { amount currency } }
    coach { id slug displayName }
    payment { id status amount { amount currency } }
  } } pageInfo { hasNextPage endCursor } } } }`

type Registered = { readonly name: string; readonly hash: string }

async function publicQueries(origin: string): Promise<Scene[]> {
  const file = join(import.meta.dir, '../schema/operations.json')
  const operations: Registered[] = await Bun.file(file).json()
  const graph = (name: string, variables: object) => {
    const hash = operations.find((operation) => operation.name === name)?.hash
    const body = JSON.stringify({ documentId: `sha256:${hash}`, variables })
    const headers = { 'content-type': 'application/json', accept: 'application/json' }
    return () => fetch(`${origin}/graphql`, { method: 'POST', headers, body })
  }
  return [
    { name: 'six coaches with their next free time', send: graph('Coaches', { first: 6 }) },
    {
      name: 'one coach with services',
      send: graph('CoachPage', { slug: 'coach-1', locale: 'fr' }),
    },
  ]
}

const asPerson = (person: Person, query: string) => {
  const headers = {
    ...{ 'content-type': 'application/json', accept: 'application/json' },
    origin: person.origin,
  }
  return () => person.send('/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) })
}

/** Fills the system through the graph and gives what is asked of it; the first is what others are compared to. */
export async function scenesOf(shape: Shape): Promise<Scene[]> {
  const { origin } = shape
  for (let number = 1; number <= coaches; number += 1) {
    const coach = await shape.person(`Coach ${number}`, ['COACH'])
    await offerSessions(coach, { slug: `coach-${number}` })
  }
  const client = await shape.person('Alice Petit')
  // Far enough apart that no two of the same client overlap.
  for (let number = 0; number < bookings; number += 1) await bookedSlot(shape, client, number * 20)
  return [
    { name: 'a small file', send: () => fetch(`${origin}/config.json`) },
    { name: 'who is calling', send: () => fetch(`${origin}/auth/session`) },
    ...(await publicQueries(origin)),
    { name: 'my bookings, four subgraphs', send: asPerson(client, bookingsPage) },
  ]
}
