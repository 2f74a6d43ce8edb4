/** Resolves when the condition holds; throws after 10 seconds. For what happens in its own time. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`It never happened: ${what}.`)
    await Bun.sleep(10)
  }
}
