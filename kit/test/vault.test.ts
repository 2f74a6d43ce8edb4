import { expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { createVault } from '../vault.ts'

const first = { id: 'first', key: new Uint8Array(randomBytes(32)) }
const second = { id: 'second', key: new Uint8Array(randomBytes(32)) }

test('what is sealed opens again for its owner, whatever it is', () => {
  const vault = createVault([first])
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, owner) => {
      expect(vault.open(vault.seal(text, owner), owner)).toBe(text)
    }),
  )
})

test('it does not open for another owner, nor with a changed, missing or added byte', () => {
  const vault = createVault([first])
  const sealed = vault.seal('text', 'owner')
  expect(vault.open(sealed, 'another')).toBeNull()
  expect(vault.open(Buffer.concat([sealed, Buffer.of(0)]), 'owner')).toBeNull()
  for (const at of sealed.keys()) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(vault.open(changed, 'owner')).toBeNull()
    expect(vault.open(sealed.subarray(0, at), 'owner')).toBeNull()
  }
})

test('the same text never looks the same twice', () => {
  const vault = createVault([first])
  expect(vault.seal('text', 'owner').equals(vault.seal('text', 'owner'))).toBe(false)
})

test('an older key of the ring still opens; one that left it does not', () => {
  const sealed = createVault([first]).seal('text', 'owner')
  expect(createVault([second, first]).open(sealed, 'owner')).toBe('text')
  expect(createVault([second]).open(sealed, 'owner')).toBeNull()
  expect(() => createVault([])).toThrow()
})

test('what a secret completes opens with that secret and the ring, and with neither alone', () => {
  const vault = createVault([first])
  const [secret, another] = [randomBytes(32), randomBytes(32)].map((one) =>
    one.toString('base64url'),
  )
  const sealed = vault.completedBy(secret ?? '').seal('text', 'owner')
  expect(vault.completedBy(secret ?? '').open(sealed, 'owner')).toBe('text')
  // Everything that a stolen table and a stolen ring hold.
  expect(vault.open(sealed, 'owner')).toBeNull()
  expect(vault.completedBy(another ?? '').open(sealed, 'owner')).toBeNull()
  expect(vault.completedBy('').open(sealed, 'owner')).toBeNull()
  const elsewhere = createVault([{ id: 'first', key: second.key }])
  expect(elsewhere.completedBy(secret ?? '').open(sealed, 'owner')).toBeNull()
  // The same thieves open what the ring alone has sealed.
  expect(vault.open(vault.seal('text', 'owner'), 'owner')).toBe('text')
})

test('a completed vault follows the ring when its key is rotated', () => {
  const sealed = createVault([first]).completedBy('secret').seal('text', 'owner')
  expect(createVault([second, first]).completedBy('secret').open(sealed, 'owner')).toBe('text')
  expect(createVault([second]).completedBy('secret').open(sealed, 'owner')).toBeNull()
})
