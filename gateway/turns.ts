const sliceMs = 8

/** Resolves when whatever else waits in this process has had its turn. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/**
 * For long work beside requests: awaited between its steps, it lets whatever else waits in this
 * process go first, once a slice of the work is done.
 */
export function takingTurns(): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < sliceMs) return
    await nextTurn()
    since = performance.now()
  }
}
