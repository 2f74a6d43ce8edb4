import { expect, test } from 'bun:test'
import type { Entry, Store } from '../../kept/store.ts'

export const entryOf = (text: string, changes: Partial<Entry> = {}): Entry => ({
  ...{ text, tags: ['type Coach'], madeAt: Date.now(), maxAge: 60, stale: 300 },
  ...changes,
})

/** What every adapter keeps. `open` gives two instances that share what they keep. */
export function storeContract(open: () => Promise<{ one: Store; other: Store }>) {
  const textOf = async (store: Store, key: string) => (await store.find(key)).entry?.text ?? null
  const put = async (store: Store, key: string, entry: Entry) =>
    store.put(key, entry, (await store.find(key)).mark)

  test('what is kept is found, by every instance and under its own key', async () => {
    const { one, other } = await open()
    const entry = entryOf('{"data":"é😀"}', { tags: ['a b', 'type Coach', 'x:y'] })
    await put(one, 'found', entry)
    expect((await other.find('found')).entry).toEqual(entry)
    expect(await textOf(other, 'found ')).toBeNull()
  })

  test('a drop ends what has one of its tags, and nothing else', async () => {
    const { one, other } = await open()
    await put(one, 'both', entryOf('1', { tags: ['drop a', 'drop b'] }))
    await put(one, 'second', entryOf('2', { tags: ['drop b'] }))
    await put(one, 'none', entryOf('3', { tags: ['drop c'] }))
    expect(await other.drop(['drop a', 'drop d'])).toBe(1)
    expect(await textOf(one, 'both')).toBeNull()
    expect(await textOf(one, 'second')).toBe('2')
    expect(await other.drop(['drop b'])).toBe(1)
    expect(await textOf(one, 'second')).toBeNull()
    expect(await textOf(one, 'none')).toBe('3')
  })

  test('what began before a drop is not kept after it', async () => {
    const { one, other } = await open()
    const { mark } = await one.find('late')
    await other.drop(['late tag'])
    await one.put('late', entryOf('old', { tags: ['late tag'] }), mark)
    expect(await textOf(one, 'late')).toBeNull()
    await one.put('late', entryOf('of something else', { tags: ['other tag'] }), mark)
    expect(await textOf(one, 'late')).toBe('of something else')
    await put(one, 'late', entryOf('new', { tags: ['late tag'] }))
    expect(await textOf(other, 'late')).toBe('new')
  })

  test('a clear ends everything, also what began before it', async () => {
    const { one, other } = await open()
    await put(one, 'cleared', entryOf('1'))
    const { mark } = await one.find('cleared')
    await other.clear()
    expect(await textOf(one, 'cleared')).toBeNull()
    await one.put('cleared', entryOf('2'), mark)
    expect(await textOf(one, 'cleared')).toBeNull()
    await put(one, 'cleared', entryOf('3'))
    expect(await textOf(one, 'cleared')).toBe('3')
  })

  test('a later answer takes the place of an earlier one, with its tags', async () => {
    const { one } = await open()
    await put(one, 'replaced', entryOf('1', { tags: ['first tag'] }))
    await put(one, 'replaced', entryOf('2', { tags: ['next tag'] }))
    expect(await textOf(one, 'replaced')).toBe('2')
    await one.drop(['next tag'])
    expect(await textOf(one, 'replaced')).toBeNull()
  })

  test('what is over is not found', async () => {
    const { one } = await open()
    const madeAt = Date.now() - 10_000
    await put(one, 'over', entryOf('1', { madeAt, maxAge: 5, stale: 5 }))
    expect(await textOf(one, 'over')).toBeNull()
    await put(one, 'stale', entryOf('1', { madeAt, maxAge: 5, stale: 60 }))
    expect(await textOf(one, 'stale')).toBe('1')
  })

  test('putting and dropping at once never leaves what was read before the drop', async () => {
    const { one, other } = await open()
    for (let round = 0; round < 30; round += 1) {
      const { mark } = await one.find('race')
      await Promise.all([
        one.put('race', entryOf('old', { tags: ['race tag'] }), mark),
        other.drop(['race tag']),
      ])
      expect(await textOf(one, 'race')).toBeNull()
    }
  })
}
