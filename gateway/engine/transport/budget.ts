/** What may be asked in addition, as a part of what is asked anyway. */
export type Budget = {
  /** Tells of one request. */
  earn(): void
  /** False when there is nothing left for one more. */
  spend(): boolean
}

/** Additional requests that a quiet time may save up, and the first ones that a start allows. */
const savedMax = 10
const savedAtStart = 1

/** `ratio` 0.1 allows one request more for each ten. */
export function createBudget(ratio: number): Budget {
  let saved = ratio > 0 ? savedAtStart : 0
  return {
    earn: () => {
      saved = Math.min(savedMax, saved + ratio)
    },
    spend: () => {
      // Ten tenths are a little less than one.
      if (saved < 1 - 1e-9) return false
      saved -= 1
      return true
    },
  }
}
