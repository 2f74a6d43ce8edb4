import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { networkOf } from '../identity/session-network.ts'
import { placesFrom } from '../identity/session-place.ts'
import { mmdbFor } from './mmdb.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'places-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function fileWith(record: Parameters<typeof mmdbFor>[1]) {
  const file = join(folder, `${crypto.randomUUID()}.mmdb`)
  await writeFile(file, mmdbFor('203.0.113.0/24', record))
  return file
}

const france = { iso_code: 'FR', names: { en: 'France' } }

test('a file that knows towns gives town and country, and one of countries the country', async () => {
  const towns = placesFrom(await fileWith({ country: france, city: { names: { en: 'Lyon' } } }))
  expect(towns('203.0.113.7')).toBe('Lyon, FR')
  const countries = placesFrom(await fileWith({ country: france }))
  expect(countries('203.0.113.255')).toBe('FR')
})

test('what it does not know has no place, and neither has what is no address', async () => {
  const places = placesFrom(await fileWith({ country: france }))
  for (const address of ['203.0.114.7', '2001:db8::1', '', 'x', '203.0.113.7, 10.0.0.1']) {
    expect(places(address)).toBeNull()
  }
  expect(placesFrom(null)('203.0.113.7')).toBeNull()
})

test('a file that is missing, or is none, stops the start', async () => {
  expect(() => placesFrom(join(folder, 'none.mmdb'))).toThrow()
  const file = join(folder, 'text.mmdb')
  await writeFile(file, 'no database')
  expect(() => placesFrom(file)).toThrow()
})

test.each([
  ['203.0.113.7', '203.0.113.0/24'],
  ['255.255.255.255', '255.255.255.0/24'],
  ['2001:db8:7:8:9:a:b:c', '2001:db8:7::/48'],
  ['2001:db8::7', '2001:db8:0::/48'],
  ['2001::7', '2001:0:0::/48'],
  ['::1', '0:0:0::/48'],
  ['::ffff:203.0.113.7', '203.0.113.0/24'],
  ['fe80::1%eth0', 'fe80:0:0::/48'],
  ['203.0.113.7:443', null],
  ['localhost', null],
  ['', null],
  [null, null],
])('of %p is kept %p', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
