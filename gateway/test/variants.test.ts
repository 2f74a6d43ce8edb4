import { describe, expect, test } from 'bun:test'
import type { Variant } from '../engine/engine.ts'
import { engineNames, startHarness } from './harness.ts'

/** Scopes that count how often somebody looked for one. */
class CountedScopes extends Set<string> {
  looked = 0
  override has(scope: string) {
    this.looked += 1
    return super.has(scope)
  }
}

const variantWith = (scopes: ReadonlySet<string>, more: Partial<Variant> = {}): Variant => ({
  ...{ authenticated: true, scopes, policies: new Set() },
  ...more,
})
const operation = '{ me { name email birthday } }'

describe.each(engineNames)('the %s engine', (name) => {
  const { engine } = startHarness({ engine: name })
  const prepare = (variant: Variant) => engine.prepare(operation, null, variant)
  const known = (variant: Variant) => engine.known?.(operation, null, variant)

  test('looks at the scopes of one caller once', async () => {
    const scopes = new CountedScopes(['self', 'mail'])
    const prepared = await prepare(variantWith(scopes))
    expect(scopes.looked).toBeGreaterThan(0)
    scopes.looked = 0
    for (let times = 0; times < 10; times += 1) expect(known(variantWith(scopes))).toBe(prepared)
    expect(scopes.looked).toBe(0)
  })

  test('gives each kind of caller their own, whoever came before, and however many', async () => {
    const own = ['mail', 'self']
    const full = await prepare(variantWith(new Set(own)))
    expect(await prepare(variantWith(new Set(own.toReversed())))).toBe(full)
    const scopes = new Set(own)
    const others: Variant[] = [
      variantWith(scopes, { authenticated: false }),
      variantWith(new Set(['mail self'])),
      variantWith(new Set(['mail', 'selfish'])),
      variantWith(new Set(), { policies: scopes }),
    ]
    for (const other of others) expect(await prepare(other)).not.toBe(full)
    for (let index = 0; index < 1_000; index += 1)
      await prepare(variantWith(new Set([`scope-${index}`])))
    expect((await prepare(variantWith(scopes))).reads?.isOpen).toBe(false)
    for (const other of others)
      expect(await prepare(other)).not.toBe(await prepare(variantWith(scopes)))
  })
})
