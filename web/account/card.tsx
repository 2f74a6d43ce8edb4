import type { ReactNode } from 'react'
import { Mark } from '../ui/glyph.tsx'
import { PageTitle } from '../ui/page-title.tsx'

type AccountCardProps = {
  title: string
  lead?: string | undefined
  children: ReactNode
  foot?: ReactNode
}

/** The one thing on a page about getting in: a narrow card in the middle. */
export const AccountCard = ({ title, lead, children, foot }: AccountCardProps) => (
  <div className="mx-auto flex min-h-[70vh] max-w-md flex-col justify-center px-4 py-10 sm:py-16">
    <PageTitle title={title} />
    <div className="animate-rise rounded-xl border border-line bg-surface p-6 shadow-2 sm:p-8">
      <Mark className="size-10" />
      <h1 className="mt-5 text-2xl font-semibold">{title}</h1>
      {lead && <p className="mt-2 text-ink-soft">{lead}</p>}
      <div className="mt-6 flex flex-col gap-5">{children}</div>
    </div>
    {foot && <div className="mt-6 text-center text-sm text-ink-soft">{foot}</div>}
  </div>
)

/** A link in a sentence under the card. */
export const footLink =
  'inline-flex min-h-8 items-center rounded-sm font-medium text-accent-ink underline underline-offset-2'
