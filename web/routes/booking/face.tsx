import { type ReactNode, useEffect, useRef } from 'react'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import type { BookingDetail } from './query.ts'
import { Summary } from './summary.tsx'

const tones = {
  accent: 'bg-accent-soft text-accent-ink',
  positive: 'bg-positive-soft text-positive',
  neutral: 'bg-sunken text-ink-soft',
} as const

type FaceProps = {
  booking: BookingDetail
  icon: IconName
  tone: keyof typeof tones
  title: string
  lead: ReactNode
  children?: ReactNode
  /** What went wrong, beside the button that was pressed. */
  problem?: ReactNode
  actions: ReactNode
  /** What an action opens. */
  after?: ReactNode
  /** Paid, and not told so yet. */
  isSettling?: boolean
}

/** The frame of every face. When one face follows another, its heading takes the focus and is read. */
export function BookingFace(props: FaceProps) {
  const { booking, icon, tone, title, lead, children, problem, actions, after, isSettling } = props
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <article className="animate-rise rounded-xl border border-line bg-surface p-6 shadow-2 sm:p-8">
      <PageTitle title={title} />
      <span className={`grid size-12 place-items-center rounded-full ${tones[tone]}`}>
        <Icon name={icon} className="size-6" />
      </span>
      <h1
        ref={heading}
        tabIndex={-1}
        data-focus-target
        className="mt-5 text-2xl font-semibold sm:text-3xl"
      >
        {title}
      </h1>
      <div className="mt-2 text-ink-soft">{lead}</div>
      {children}
      <div className="mt-6">
        <Summary booking={booking} isSettling={isSettling} />
      </div>
      {problem && <div className="mt-6">{problem}</div>}
      {actions && <div className="mt-6 flex flex-wrap gap-3 max-sm:*:w-full">{actions}</div>}
      {after}
    </article>
  )
}
