import type { ReactElement, ReactNode } from 'react'

type Look = { 'aria-current': 'page' | undefined; className: string; children: ReactNode }
type Tab<T extends string> = { name: T; label: string; isCurrent: boolean }

type TabsProps<T extends string> = {
  label: string
  tabs: readonly Tab<T>[]
  /** The link of a tab, with the look that it is given. */
  link: (name: T, look: Look) => ReactElement
}

const look =
  'inline-flex min-h-11 items-center whitespace-nowrap border-b-2 border-transparent text-sm font-medium text-ink-soft hover:text-ink ' +
  'aria-[current=page]:border-accent aria-[current=page]:text-ink'

/** Parts of one page, each with an address of its own. */
export const Tabs = <T extends string>({ label, tabs, link }: TabsProps<T>) => (
  <nav aria-label={label} className="mt-6 border-b border-line">
    <ul className="-mb-px flex gap-x-6 max-sm:gap-x-4">
      {tabs.map(({ name, label: children, isCurrent }) => (
        <li key={name}>
          {link(name, {
            'aria-current': isCurrent ? 'page' : undefined,
            className: look,
            children,
          })}
        </li>
      ))}
    </ul>
  </nav>
)
