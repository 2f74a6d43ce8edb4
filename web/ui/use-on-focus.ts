import { useEffect, useRef } from 'react'

/** Calls back when the person comes to this page again, at most once every `everyMs`. */
export function useOnFocus(callback: () => void, everyMs: number): void {
  const latest = useRef(callback)
  latest.current = callback
  useEffect(() => {
    let calledAt = Date.now()
    const onFocus = () => {
      if (document.visibilityState !== 'visible' || Date.now() - calledAt < everyMs) return
      calledAt = Date.now()
      latest.current()
    }
    window.addEventListener('focus', onFocus)
    document.addEventListener('visibilitychange', onFocus)
    return () => {
      window.removeEventListener('focus', onFocus)
      document.removeEventListener('visibilitychange', onFocus)
    }
  }, [everyMs])
}
