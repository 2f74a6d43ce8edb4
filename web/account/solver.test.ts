import { expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { proofOf } from './solver.ts'

test('a proof is the challenge, a colon and a number whose hash begins with enough zeros', () => {
  const proof = proofOf({ challenge: 'signed.by.the.server', difficulty: 12 })
  expect(proof).toMatch(/^signed\.by\.the\.server:\d+$/)
  expect(createHash('sha256').update(proof).digest('hex')).toStartWith('000')
})
