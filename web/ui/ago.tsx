import { useEffect, useState } from 'react'
import { serverNow } from '../graph/clock.ts'
import { formatInstant, visitorZone } from '../i18n/format.ts'
import { formatAgo } from '../i18n/relative.ts'
import { useText } from '../i18n/text.ts'

const everyMs = 30_000

/** How long ago, kept right while the page is open; the exact time is the element's title. */
export function Ago({ instant }: { instant: string }) {
  const { tag } = useText()
  const [nowMs, setNowMs] = useState(serverNow)
  useEffect(() => {
    const timer = setInterval(() => setNowMs(serverNow()), everyMs)
    return () => clearInterval(timer)
  }, [])
  const place = { tag, timeZone: visitorZone() }
  const exact = [formatInstant(instant, 'fullDay', place), formatInstant(instant, 'time', place)]
  return (
    <time dateTime={instant} title={exact.join(', ')}>
      {formatAgo(instant, nowMs, tag)}
    </time>
  )
}
