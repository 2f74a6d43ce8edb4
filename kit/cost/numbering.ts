/** A number for each thing that it is asked about, from 0 on; the same one for the same thing. */
export function numbering<Thing>(): (thing: Thing) => number {
  const numbers = new Map<Thing, number>()
  return (thing) => {
    const number = numbers.get(thing) ?? numbers.size
    numbers.set(thing, number)
    return number
  }
}
