export const prices: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  1: { EUR: 10, USD: 12 },
  2: { EUR: 20, USD: 24 },
}
