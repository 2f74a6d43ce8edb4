const lengthMin = 3
const lengthMax = 500

/** A reason that somebody can read later; null for one that says nothing, or far too much. */
export function reasonFrom(text: string): string | null {
  const reason = text.trim()
  return reason.length >= lengthMin && reason.length <= lengthMax ? reason : null
}
