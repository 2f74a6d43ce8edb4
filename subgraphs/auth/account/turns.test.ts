import { expect, test } from 'bun:test'
import { createTurns } from './turns.ts'

test('work under one key waits for its turn, and another key does not wait', async () => {
  const { take } = createTurns()
  const first = Promise.withResolvers<void>()
  const order: string[] = []
  const done = (name: string) => async () => {
    order.push(name)
    return name
  }
  const waiting = [take('a', () => first.promise.then(done('a1'))), take('a', done('a2'))]
  expect(await take('b', done('b1'))).toBe('b1')
  first.resolve()
  expect(await Promise.all(waiting)).toEqual(['a1', 'a2'])
  expect(order).toEqual(['b1', 'a1', 'a2'])
})

test('a turn that fails is told to its caller only', async () => {
  const { take } = createTurns()
  const failing = take('a', async () => {
    throw new Error('first')
  })
  const next = take('a', async () => 'second')
  await expect(failing).rejects.toThrow('first')
  expect(await next).toBe('second')
})
