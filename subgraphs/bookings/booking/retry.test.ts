import { expect, test } from 'bun:test'
import { withRetry } from './retry.ts'

const failing = (code: string, times: number) => {
  let attempts = 0
  return {
    attempts: () => attempts,
    transaction: async () => {
      attempts += 1
      if (attempts <= times) throw Object.assign(new Error(code), { code })
      return 'done'
    },
  }
}

test.each(['40P01', '40001'])('a transaction that lost with %s is run again', async (code) => {
  const { transaction, attempts } = failing(code, 3)
  expect(await withRetry(transaction)).toBe('done')
  expect(attempts()).toBe(4)
})

test('the fourth loss is the last', async () => {
  const { transaction, attempts } = failing('40P01', 9)
  await expect(withRetry(transaction)).rejects.toThrow('40P01')
  expect(attempts()).toBe(4)
})

test('any other failure is not run again', async () => {
  const { transaction, attempts } = failing('23P01', 1)
  await expect(withRetry(transaction)).rejects.toThrow('23P01')
  expect(attempts()).toBe(1)
})
