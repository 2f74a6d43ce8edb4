import { describe, expect, test } from 'bun:test'
import { newerOf, type Sample, stateOf, turnOf, worstOf } from './rules.ts'

const now = new Date('2027-01-04T09:00:00Z')
const moment = { now, everyMs: 60_000 }
const inDays = (days: number) => new Date(now.getTime() + days * 24 * 3_600_000)
const seen = (sample: Partial<Sample> = {}): Sample => ({
  ...{ target: 'website', at: now, ok: true, latencyMs: 12, certificateEndsAt: null },
  ...sample,
})

describe('the state of a target', () => {
  test.each([
    ['nobody has looked', null, 'UNKNOWN'],
    ['it answers', seen(), 'UP'],
    ['it does not answer', seen({ ok: false }), 'DOWN'],
    ['it answered three turns ago', seen({ at: new Date(now.getTime() - 180_000) }), 'UP'],
    ['it answered longer ago', seen({ at: new Date(now.getTime() - 180_001) }), 'UNKNOWN'],
    ['its certificate lasts three weeks', seen({ certificateEndsAt: inDays(21) }), 'UP'],
    ['its certificate ends sooner', seen({ certificateEndsAt: inDays(20.9) }), 'DEGRADED'],
    ['its certificate has ended', seen({ certificateEndsAt: inDays(0) }), 'DOWN'],
    [
      'it is away, whatever its certificate',
      seen({ ok: false, certificateEndsAt: inDays(90) }),
      'DOWN',
    ],
  ] as const)('when %s', (_, sample, state) => {
    expect(stateOf(sample, moment)).toBe(state)
  })

  test('of all of them is the worst, and of none it is not known', () => {
    expect(worstOf(['UP', 'UNKNOWN', 'DEGRADED'])).toBe('DEGRADED')
    expect(worstOf(['UP', 'DOWN', 'DEGRADED'])).toBe('DOWN')
    expect(worstOf(['UP', 'UNKNOWN'])).toBe('UNKNOWN')
    expect(worstOf(['UP', 'UP'])).toBe('UP')
    expect(worstOf([])).toBe('UNKNOWN')
  })
})

test('everybody who looks in one turn looks at the same moment', () => {
  const turn = turnOf(new Date('2027-01-04T09:00:59.999Z'), 60_000)
  expect(turn).toEqual(now)
  expect(turnOf(turn, 60_000)).toEqual(now)
})

test('what was seen later counts', () => {
  const [older, newer] = [seen({ at: inDays(-1) }), seen()]
  expect(newerOf(older, newer)).toBe(newer)
  expect(newerOf(newer, null)).toBe(newer)
  expect(newerOf(null, null)).toBeNull()
})
