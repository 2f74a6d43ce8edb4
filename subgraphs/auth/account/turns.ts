export type Turns = { take<T>(key: string, work: () => Promise<T>): Promise<T> }

/**
 * Work under one key is done one after the other, in the order in which it came; different keys do
 * not wait for each other.
 */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return {
    take: async (key, work) => {
      const turn = (last.get(key) ?? Promise.resolve()).then(work, work)
      last.set(key, turn)
      try {
        return await turn
      } finally {
        if (last.get(key) === turn) last.delete(key)
      }
    },
  }
}
