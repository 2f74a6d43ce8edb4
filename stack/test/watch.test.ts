import { expect, test } from 'bun:test'
import { oneAtATime } from '../up/one-at-a-time.ts'
import { isSource } from '../up/watch.ts'

test.each([
  ['schema/users.graphql', true],
  ['engine/self-test.ts', true],
  ['contest/rules.ts', true],
  ['testing/system.ts', true],
  ['test/up.test.ts', false],
  ['users/test/world.ts', false],
  ['users/person/rules.test.ts', false],
  ['README.md', false],
])('a change of %s starts the system anew: %p', (file, starts) => {
  expect(isSource(file)).toBe(starts)
})

test('restarts never overlap, and changes during one are one more', async () => {
  const gates: (() => void)[] = []
  const seen = { running: 0, most: 0, runs: 0 }
  const restart = oneAtATime(async () => {
    seen.running += 1
    seen.runs += 1
    seen.most = Math.max(seen.most, seen.running)
    await new Promise<void>((open) => gates.push(open))
    seen.running -= 1
  })
  const all = [restart(), restart(), restart()]
  expect(seen.runs).toBe(1)
  gates.shift()?.()
  while (gates.length === 0) await Promise.resolve()
  expect(seen.runs).toBe(2)
  gates.shift()?.()
  await Promise.all(all)
  expect(seen).toEqual({ running: 0, most: 1, runs: 2 })
  const later = restart()
  gates.shift()?.()
  await later
  expect(seen.runs).toBe(3)
})

test('a restart that fails does not stand in the way of the next', async () => {
  let tries = 0
  const restart = oneAtATime(async () => {
    tries += 1
    if (tries === 1) throw new Error('no')
  })
  await expect(restart()).rejects.toThrow('no')
  await restart()
  expect(tries).toBe(2)
})
