/**
 * A function that runs `work` once at a time. Calls that come meanwhile are one further run; the
 * promise resolves when nothing is left to do.
 */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  let isDirty = false
  const runAll = async () => {
    try {
      do {
        isDirty = false
        await work()
      } while (isDirty)
    } finally {
      running = null
    }
  }
  return () => {
    isDirty = true
    running ??= runAll()
    return running
  }
}
