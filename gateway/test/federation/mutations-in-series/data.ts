/** What was done, in the order in which it was done; `begin` empties it. */
export const journal: string[] = []

export const write = (entry: string) => journal.push(entry)
