import type { ReactNode } from 'react'
import { Icon, type IconName } from './icons.tsx'

const tones = {
  info: { box: 'bg-accent-soft text-accent-ink', icon: 'alert' },
  positive: { box: 'bg-positive-soft text-positive', icon: 'check' },
  caution: { box: 'bg-caution-soft text-caution', icon: 'alert' },
  danger: { box: 'bg-danger-soft text-danger', icon: 'alert' },
} as const satisfies Record<string, { box: string; icon: IconName }>

type NoticeProps = { tone?: keyof typeof tones; children: ReactNode; action?: ReactNode }

/** A short message in the flow of the page, read out when it appears. */
export const Notice = ({ tone = 'info', children, action }: NoticeProps) => (
  <div
    role={tone === 'danger' ? 'alert' : 'status'}
    className={`flex animate-rise flex-wrap items-center gap-x-3 gap-y-2 rounded-lg px-4 py-3 text-sm ${tones[tone].box}`}
  >
    <Icon name={tones[tone].icon} />
    <div className="min-w-0 flex-1 basis-48">{children}</div>
    {action}
  </div>
)
