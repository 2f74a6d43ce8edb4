export const width = 10_000

export const numbers = Array.from({ length: width }, (_, n) => n)
