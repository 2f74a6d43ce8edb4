import { expect, test } from 'bun:test'
import { createFailureRate } from './rate.ts'

const newRate = () => {
  const clock = { at: 0 }
  const rate = createFailureRate({ limit: 3, windowMs: 60_000, now: () => new Date(clock.at) })
  return { clock, rate }
}

test('an address waits after its limit of failures, until the window ends', () => {
  const { clock, rate } = newRate()
  for (let count = 0; count < 3; count += 1) {
    expect(rate.waitMs('192.0.2.1')).toBe(0)
    rate.fail('192.0.2.1')
  }
  expect(rate.waitMs('192.0.2.1')).toBe(60_000)
  expect(rate.waitMs('192.0.2.2')).toBe(0)
  clock.at = 60_000
  expect(rate.waitMs('192.0.2.1')).toBe(0)
})

test('addresses of one IPv6 network count together, and an IPv4 address counts once in either form', () => {
  const { rate } = newRate()
  for (const host of ['1', '2', '3']) rate.fail(`2001:db8:0:1::${host}`)
  expect(rate.waitMs('2001:db8:0:1:ffff::9')).toBeGreaterThan(0)
  expect(rate.waitMs('2001:db8:0:2::1')).toBe(0)
  for (const address of ['::ffff:192.0.2.7', '192.0.2.7', '::ffff:192.0.2.7']) rate.fail(address)
  expect(rate.waitMs('192.0.2.7')).toBeGreaterThan(0)
})

test('an IPv6 network counts once also where it is written short', () => {
  const { rate } = newRate()
  for (const address of ['2001:db8::1', '2001:db8::2', '2001:DB8:0:0:5::3']) rate.fail(address)
  expect(rate.waitMs('2001:db8::ffff:1:2:3')).toBeGreaterThan(0)
  expect(rate.waitMs('2001:db8:1::1')).toBe(0)
})

test('many addresses do not fill the memory: the oldest is forgotten', () => {
  const { rate } = newRate()
  for (let count = 0; count < 3; count += 1) rate.fail('198.51.100.1')
  for (let count = 0; count < 10_000; count += 1)
    rate.fail(`10.${count >> 16}.${(count >> 8) & 255}.${count & 255}`)
  expect(rate.waitMs('198.51.100.1')).toBe(0)
})
