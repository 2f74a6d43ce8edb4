import { useEffect, useState } from 'react'
import { serverNow } from '../graph/clock.ts'

/** Milliseconds until `end`, told anew each second; 0 once it is over. */
export function useRemaining(end: string | null): number {
  const [nowMs, setNowMs] = useState(serverNow)
  const left = end ? Math.max(0, Date.parse(end) - nowMs) : 0
  const running = left > 0
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => setNowMs(serverNow()), 1_000)
    return () => clearInterval(timer)
  }, [running])
  return left
}
