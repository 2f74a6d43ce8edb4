import { describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { solved } from '../test/work.ts'
import { createProofOfWork } from './proof.ts'

let time = Date.parse('2027-01-04T09:00:00Z')
const now = () => new Date(time)
const key = (id: string) => ({ id, key: new Uint8Array(randomBytes(32)) })
const one = key('one')
const work = createProofOfWork({ keys: [one], difficulty: 8, now })

describe('a proof of work', () => {
  test('of our own challenge counts, whichever of its counters it has', () => {
    const challenge = work.newChallenge()
    const proof = solved(challenge)
    const found = work.provenBy(proof)
    expect(found?.expiresAt).toEqual(challenge.expiresAt)
    const [, counter] = proof.split(':')
    let next = Number(counter) + 1
    while (!work.provenBy(`${challenge.challenge}:${next}`)) next += 1
    expect(work.provenBy(`${challenge.challenge}:${next}`)?.hash).toEqual(found?.hash as Buffer)
  })

  test('counts for ten minutes', () => {
    const proof = solved(work.newChallenge())
    time += 599_000
    expect(work.provenBy(proof)).not.toBeNull()
    time += 1_000
    expect(work.provenBy(proof)).toBeNull()
  })

  test('without the work, of an easier or longer challenge, or of another key, is nothing', () => {
    const { challenge } = work.newChallenge()
    const idle = Array.from({ length: 64 }, (_, counter) => `${challenge}:${counter}`)
    expect(idle.filter((proof) => work.provenBy(proof)).length).toBeLessThan(8)
    const [ends, , nonce, signature] = challenge.split('.')
    const forged = [
      `${ends}.0.${nonce}.${signature}`,
      `${Number(ends) + 60}.8.${nonce}.${signature}`,
      createProofOfWork({ keys: [key('two')], difficulty: 0, now }).newChallenge().challenge,
    ]
    for (const challenge of forged) {
      expect(work.provenBy(solved({ challenge, difficulty: 8 }))).toBeNull()
    }
    const odd = [
      '',
      ':',
      'a:1',
      `${challenge}`,
      `${challenge}:`,
      `${challenge}:1e3`,
      'x'.repeat(9e4),
    ]
    for (const proof of odd) expect(work.provenBy(proof)).toBeNull()
  })

  test('of a key that was rotated out of the first place still counts', () => {
    const proof = solved(work.newChallenge())
    const rotated = createProofOfWork({ keys: [key('new'), one], difficulty: 20, now })
    expect(rotated.provenBy(proof)).not.toBeNull()
  })
})
