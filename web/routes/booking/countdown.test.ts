import { expect, test } from 'bun:test'
import { announcedMark } from './countdown.tsx'

test.each([
  [600_000, null],
  [300_000, 300],
  [299_000, 300],
  [120_000, 120],
  [45_000, 60],
  [5_000, 10],
])('with %d ms left, the last mark told is %p seconds', (ms, mark) => {
  expect(announcedMark(ms)).toBe(mark)
})
