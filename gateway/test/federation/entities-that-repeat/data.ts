export const order = ['2', '1', '2', '2', '3', '1']
/** Null for what is not there; the third of them is missing. */
export const stock: Readonly<Record<string, number>> = { 1: 10, 2: 20 }
