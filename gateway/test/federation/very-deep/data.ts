/** As deep as clients may ever go, and how often an operation changes between the subgraphs. */
export const depth = 100
export const joins = 12

/** `{ next { next { … } } }` around `inner`, and the object that answers it. */
export const textAround = (times: number, inner: string, field = 'next'): string =>
  times === 0 ? inner : `${field} { ${textAround(times - 1, inner, field)} }`

export const objectAround = (times: number, inner: unknown, field = 'next'): unknown =>
  times === 0 ? inner : { [field]: objectAround(times - 1, inner, field) }
