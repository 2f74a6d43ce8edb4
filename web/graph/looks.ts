const everyMs = 200

/**
 * Looks until what was done has been told from one place to the next, 25 times at most: five seconds and what the looks
 * take. False when it has not come by then.
 */
export async function lookUntil(holds: () => Promise<boolean>): Promise<boolean> {
  for (let looks = 0; looks < 25; looks += 1) {
    if (await holds()) return true
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
  return false
}
