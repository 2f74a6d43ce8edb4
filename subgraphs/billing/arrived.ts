const lookEveryMs = 40

/** Waits for what another service has told and this one is about to hear. False when it did not come in time. */
export async function arrived(look: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (!(await look())) {
    if (performance.now() > deadline) return false
    await Bun.sleep(lookEveryMs)
  }
  return true
}
