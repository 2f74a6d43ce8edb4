type Poll = {
  readonly withinMs: number
  readonly everyMs?: number
  /** What did not come true, for the sentence that says so. */
  readonly what: string
}

/** The first answer that is neither null nor false, and how long it took. Throws after `withinMs` with the last error. */
export async function eventually<T>(
  ask: () => Promise<T | null | false | undefined>,
  { withinMs, everyMs = 100, what }: Poll,
): Promise<T> {
  const deadline = performance.now() + withinMs
  let last: unknown = null
  for (;;) {
    try {
      const answer = await ask()
      if (answer !== null && answer !== false && answer !== undefined) return answer
      last = null
    } catch (error) {
      last = error
    }
    if (performance.now() > deadline) {
      const why = last instanceof Error ? `: ${last.message}` : ''
      throw new Error(`${what} did not come true within ${withinMs} ms${why}`, { cause: last })
    }
    await Bun.sleep(everyMs)
  }
}

/** What `work` gave, and its milliseconds. */
export async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const startedAt = performance.now()
  const value = await work()
  return { value, ms: Math.round(performance.now() - startedAt) }
}
