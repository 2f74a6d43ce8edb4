import { expect, test } from 'bun:test'
import { hashPassword, passwordMatches } from './password.ts'

test('a password matches its own hash only, however its accents are typed', async () => {
  const hash = await hashPassword('été à la plage')
  expect(hash).toStartWith('$argon2id$v=19$m=19456,t=2,p=1$')
  expect(await passwordMatches(hash, 'été à la plage'.normalize('NFD'))).toBe(true)
  expect(await passwordMatches(hash, 'ete a la plage')).toBe(false)
})

test('no account costs the same work as one with a wrong password, and never matches', async () => {
  const hash = await hashPassword('four unrelated warm words')
  expect(await passwordMatches(null, '')).toBe(false)
  const workOf = async (of: string | null) => {
    const before = process.cpuUsage()
    for (let count = 0; count < 5; count += 1) await passwordMatches(of, 'wrong')
    return process.cpuUsage(before).user
  }
  const [withAccount, without] = [await workOf(hash), await workOf(null)]
  expect(without).toBeGreaterThan(withAccount * 0.5)
})

test('hashing leaves the event loop free', async () => {
  let ticks = 0
  const timer = setInterval(() => {
    ticks += 1
  }, 0)
  await Promise.all(Array.from({ length: 8 }, () => hashPassword('four unrelated warm words')))
  clearInterval(timer)
  expect(ticks).toBeGreaterThan(3)
})
