export type Variables = Readonly<Record<string, unknown>>

/** A number, or what makes it of an operation's variables. */
export type Amount = number | ((variables: Variables) => number)

export const numberOf = (amount: Amount, variables: Variables): number =>
  typeof amount === 'number' ? amount : amount(variables)

/** The sum; what is known already is added up already. */
export function sumOf(amounts: readonly Amount[]): Amount {
  let fixed = 0
  const open: ((variables: Variables) => number)[] = []
  for (const amount of amounts) {
    if (typeof amount === 'number') fixed += amount
    else open.push(amount)
  }
  const [only] = open
  if (!only) return fixed
  if (open.length === 1) return fixed === 0 ? only : (variables) => fixed + only(variables)
  return (variables) => {
    let sum = fixed
    for (const amount of open) sum += amount(variables)
    return sum
  }
}

export function productOf(one: Amount, other: Amount): Amount {
  if (one === 0 || other === 0) return 0
  if (one === 1) return other
  if (other === 1) return one
  if (typeof one === 'number' && typeof other === 'number') return one * other
  return (variables) => numberOf(one, variables) * numberOf(other, variables)
}

/** 0 for none. */
export function largestOf(amounts: readonly Amount[]): Amount {
  const [only, ...rest] = amounts
  if (only === undefined) return 0
  if (rest.length === 0) return only
  if (amounts.every((amount) => typeof amount === 'number')) return Math.max(...amounts)
  return (variables) => Math.max(...amounts.map((amount) => numberOf(amount, variables)))
}
