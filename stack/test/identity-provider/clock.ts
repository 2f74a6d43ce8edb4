export const seconds = 1_000
export const minutes = 60 * seconds
export const hours = 60 * minutes

/** Tries until it holds; throws when it does not within that time. */
export async function until(holds: () => Promise<boolean>, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`It did not happen within ${withinMs} ms.`)
    await Bun.sleep(10)
  }
}
