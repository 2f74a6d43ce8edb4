const everyMs = 200

/** Looks so many times, at most, until what was done has been told from one place to the next; false when it has not. */
export async function lookUntil(holds: () => Promise<boolean>, looks: number): Promise<boolean> {
  for (let look = 0; look < looks; look += 1) {
    if (await holds()) return true
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
  return false
}
