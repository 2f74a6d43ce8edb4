/** A ring: each person's best friend is the next one. */
export const next: Readonly<Record<string, string>> = { 1: '2', 2: '3', 3: '1' }
