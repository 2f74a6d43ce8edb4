import { useRef } from 'react'
import type { LiveState } from '../graph/live.ts'
import { useText } from '../i18n/text.ts'

const dots: Record<LiveState, string> = {
  connecting: 'bg-line-strong',
  live: 'bg-positive',
  lost: 'bg-caution',
}

/** Whether what is shown follows by itself. Only a loss, and its end, is read out. */
export function LiveLabel({ state }: { state: LiveState }) {
  const { t } = useText()
  const wasLost = useRef(false)
  wasLost.current ||= state === 'lost'
  return (
    <p
      aria-live={wasLost.current ? 'polite' : 'off'}
      data-live={state}
      className="flex min-h-6 items-center gap-2 text-xs text-ink-faint"
    >
      <span aria-hidden="true" className={`size-2 rounded-full ${dots[state]}`} />
      {t(`live.${state}`)}
    </p>
  )
}
