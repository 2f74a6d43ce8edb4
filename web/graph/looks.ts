const everyMs = 200

/**
 * Looks until what was done has been told from one place to the next. False when a look that began within that time has
 * not found it.
 */
export async function lookUntil(holds: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > deadline) return false
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
  return true
}
