const firstPauseMs = 5_000
const longestPauseMs = 3_600_000

/** When a piece that has been tried so often is tried again: the pause doubles, up to an hour. */
export const nextTry = (now: Date, tries: number) =>
  new Date(now.getTime() + Math.min(firstPauseMs * 2 ** tries, longestPauseMs))
