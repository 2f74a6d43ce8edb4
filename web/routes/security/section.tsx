import type { ReactNode } from 'react'
import { type MessageId, useText } from '../../i18n/text.ts'

type SectionProps = { id: string; title: MessageId; lead: MessageId; children: ReactNode }

/** One matter of the page: what it is on the left of a desk, what can be done about it on the right. */
export function Section({ id, title, lead, children }: SectionProps) {
  const { t } = useText()
  return (
    <section
      id={id}
      aria-labelledby={`${id}-title`}
      className="grid scroll-mt-20 gap-x-10 gap-y-4 border-t border-line py-8 first:border-t-0 lg:grid-cols-[16rem_minmax(0,1fr)]"
    >
      <div>
        <h2 id={`${id}-title`} className="text-xl font-semibold">
          {t(title)}
        </h2>
        <p className="mt-1 text-sm text-ink-soft">{t(lead)}</p>
      </div>
      <div className="flex min-w-0 flex-col gap-4">{children}</div>
    </section>
  )
}

/** A framed part of a section. */
export const Panel = ({ children }: { children: ReactNode }) => (
  <div className="flex flex-col gap-4 rounded-xl border border-line bg-surface p-4 shadow-1 sm:p-5">
    {children}
  </div>
)

type FactProps = { icon: ReactNode; title: ReactNode; children: ReactNode; action?: ReactNode }

/** What is so, with a drawing, and beside it what can be done about it. */
export const Fact = ({ icon, title, children, action }: FactProps) => (
  <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
    <span className="grid size-11 shrink-0 place-items-center rounded-lg bg-accent-soft text-accent-ink">
      {icon}
    </span>
    <div className="min-w-0 flex-1 basis-48">
      <h3 className="flex flex-wrap items-center gap-x-3 gap-y-1 font-medium wrap-anywhere">
        {title}
      </h3>
      <div className="mt-0.5 text-sm text-ink-soft">{children}</div>
    </div>
    {action && <div className="flex flex-wrap gap-2 max-sm:w-full max-sm:*:flex-1">{action}</div>}
  </div>
)
