import { afterAll, beforeAll, expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { registryFrom } from '../../gateway/operations/registry.ts'
import { holdSlot, offerSessions, slotsOf } from '../testing/coach.ts'
import type { Person } from '../testing/person.ts'
import { type TestSystem, testSystem } from '../testing/system.ts'

const operations = registryFrom(
  await readFile(join(import.meta.dir, '../../schema/operations.json'), 'utf8'),
)

let it: TestSystem
let coach: Person
let client: Person
let serviceId: string
beforeAll(async () => {
  it = await testSystem()
  coach = await it.person('Léa Martin', ['COACH'])
  client = await it.person('Ana Silva', ['CLIENT'])
  serviceId = (await offerSessions(coach, { slug: 'lea' })).serviceId
}, 60_000)
afterAll(() => it?.stop())

/** By its address alone, as nobody. */
async function get(name: string, variables: object) {
  const operation = operations.byName(name, ['web'])
  const asked = new URLSearchParams({
    documentId: `sha256:${operation?.hash}`,
    variables: JSON.stringify(variables),
  })
  const response = await fetch(`${it.origin}/graphql?${asked}`)
  return { response, text: await response.text() }
}

/** How often a kept answer was given. */
async function hits(): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${it.ports.metrics}/metrics`)).text()
  return [...text.matchAll(/^kept_lookups_total\{[^}]*outcome="hit"[^}]*\} (\d+)/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  )
}

async function until(holds: () => Promise<boolean>) {
  const deadline = Date.now() + 10_000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('It did not happen.')
    await Bun.sleep(20)
  }
}

const page = { slug: 'lea', locale: 'fr' }
const month = {
  input: {
    ...{ serviceId: '', timeZone: 'Europe/Paris' },
    from: new Date(Date.now() + 3_600_000).toISOString(),
    to: new Date(Date.now() + 5 * 86_400_000).toISOString(),
  },
}

test('what nobody asks for is kept, and ends as soon as its coach changes it', async () => {
  // Events of what was set up may still be on their way.
  await until(async () => {
    const before = await hits()
    const { response, text } = await get('CoachPage', page)
    expect(text).toContain('Calme')
    expect(response.headers.get('cache-control')).toStartWith('public')
    return (await hits()) === before + 1
  })
  const input = {
    ...{ slug: 'lea', headline: 'Nouveau', specialties: ['stress'], languages: ['fr'] },
    published: true,
  }
  await coach.ask(
    'mutation ($input: UpsertCoachInput!) { upsertCoach(input: $input) { __typename } }',
    { input },
  )
  await until(async () => (await get('CoachPage', page)).text.includes('Nouveau'))
})

test('a slot that somebody has taken is gone before its list is too old to be given', async () => {
  const variables = { input: { ...month.input, serviceId } }
  const slot = (await slotsOf(client, serviceId)).find(({ start }) => start > month.input.from)
  const start = slot?.start ?? ''
  const first = await get('MonthSlots', variables)
  expect(first.text).toContain(start)
  expect((await get('MonthSlots', variables)).text).toBe(first.text)
  await client.ask(holdSlot, { input: { idempotencyKey: 'kept-hold', slotToken: slot?.token } })
  const heldAt = Date.now()
  await until(async () => !(await get('MonthSlots', variables)).text.includes(start))
  expect(Date.now() - heldAt).toBeLessThan(4_000)
})

test('a name that changes is changed on every page that is kept', async () => {
  expect((await get('CoachPage', page)).text).toContain('Léa Martin')
  await coach.ask(
    `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { __typename } }`,
    { input: { displayName: 'Léa Morel', expectedVersion: 1 } },
  )
  await until(async () => (await get('CoachPage', page)).text.includes('Léa Morel'))
})

test('every face of one operation is kept, each under its own address', async () => {
  const hash = operations.byName('CoachPage', ['web'])?.hash
  const variables = encodeURIComponent(JSON.stringify(page))
  const addresses = [
    `/graphql/sha256:${hash}?variables=${variables}`,
    `/api/v1/coach-page?${new URLSearchParams(page)}`,
  ]
  for (const address of addresses) {
    const ask = async () => {
      const response = await fetch(`${it.origin}${address}`)
      return { text: await response.text(), status: response.status, headers: response.headers }
    }
    let first = await ask()
    await until(async () => {
      const before = await hits()
      first = await ask()
      return (await hits()) > before
    })
    expect(first.status).toBe(200)
    expect(first.headers.get('cache-control')).toStartWith('public')
    expect(first.text).toContain('Nouveau')
    expect((await ask()).text).toBe(first.text)
  }
})
