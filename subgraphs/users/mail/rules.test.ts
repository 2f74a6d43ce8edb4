import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { isTooOld, leaseMs, pauseAfter, recipientsOf } from './rules.ts'

const minutes = (count: number) => count * 60_000

describe('the wait after a failed try', () => {
  test.each([
    [1, minutes(0.5)],
    [2, minutes(1)],
    [3, minutes(2)],
    [5, minutes(8)],
    [6, minutes(15)],
    [400, minutes(15)],
  ])('after try %d it is %d ms', (attempts, ms) => {
    expect(pauseAfter(attempts)).toBe(ms)
  })

  test('never shrinks and never exceeds a quarter of an hour', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (attempts) => {
        const pause = pauseAfter(attempts)
        return pause <= pauseAfter(attempts + 1) && pause > 0 && pause <= minutes(15)
      }),
    )
  })
})

test('a mail is no news after three days', () => {
  const created = new Date('2027-01-04T09:00:00Z')
  expect(isTooOld(created, new Date('2027-01-07T09:00:00Z'))).toBe(false)
  expect(isTooOld(created, new Date('2027-01-07T09:00:01Z'))).toBe(true)
})

test('a lease outlasts every wait that a mailer has', () => {
  // Connection, greeting, DNS, and one silence in each of seven commands, ten seconds each.
  expect(leaseMs).toBeGreaterThan(10 * 10_000)
})

test('client and coach are told, each of the other; one mail when they are one person', () => {
  expect(recipientsOf({ clientId: 'a', coachId: 'b' })).toEqual([
    { recipientId: 'a', otherId: 'b', audience: 'CLIENT' },
    { recipientId: 'b', otherId: 'a', audience: 'COACH' },
  ])
  expect(recipientsOf({ clientId: 'a', coachId: 'a' })).toHaveLength(1)
})
