import { expect, test } from 'bun:test'
import { observeServerDate, serverNow } from './clock.ts'

test('a device with a wrong clock counts by the clock of the server', () => {
  observeServerDate(new Date(Date.now() + 3_600_000).toUTCString())
  expect(serverNow() - Date.now()).toBeGreaterThan(3_590_000)
  observeServerDate(new Date().toUTCString())
  expect(Math.abs(serverNow() - Date.now())).toBeLessThan(500)
  observeServerDate('nonsense')
  expect(Math.abs(serverNow() - Date.now())).toBeLessThan(500)
})
