import type { ReactNode } from 'react'

type StateProps = {
  icon: ReactNode
  title: string
  children?: ReactNode
  action?: ReactNode
  /** Heading level: 1 when it is the whole page. */
  level?: 1 | 2
}

/** Nothing to show here, and what to do next. */
export function EmptyState({ icon, title, children, action, level = 2 }: StateProps) {
  const Heading = level === 1 ? 'h1' : 'h2'
  return (
    <div className="mx-auto flex max-w-md animate-rise flex-col items-center px-4 py-16 text-center">
      <span className="grid size-14 place-items-center rounded-xl bg-accent-soft text-accent-ink *:size-7">
        {icon}
      </span>
      <Heading className="mt-5 text-xl font-semibold">{title}</Heading>
      {children && <div className="mt-2 text-ink-soft">{children}</div>}
      {action && <div className="mt-6 flex flex-wrap justify-center gap-3">{action}</div>}
    </div>
  )
}
