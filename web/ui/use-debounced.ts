import { useEffect, useState } from 'react'

const debounceMs = 250

/** What is typed shows at once and counts a quarter of a second after the last key. */
export function useDebounced(value: string, commit: (value: string) => void) {
  const [draft, setDraft] = useState(value)
  const [committed, setCommitted] = useState(value)
  if (committed !== value) {
    setCommitted(value)
    setDraft(value)
  }
  useEffect(() => {
    if (draft.trim() === committed) return
    const timer = setTimeout(() => commit(draft.trim()), debounceMs)
    return () => clearTimeout(timer)
  }, [draft, committed, commit])
  return [draft, setDraft] as const
}
