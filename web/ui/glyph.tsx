import type { ReactNode } from 'react'

type GlyphProps = { children: ReactNode; className?: string }

/** A drawing on a grid of 20. Decorative: the text beside it, or the control's label, says what it means. */
export const Glyph = ({ children, className = 'size-5' }: GlyphProps) => (
  <svg
    viewBox="0 0 20 20"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.6"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
    className={`shrink-0 ${className}`}
  >
    {children}
  </svg>
)

export const Spinner = () => (
  <svg viewBox="0 0 20 20" fill="none" aria-hidden="true" className="size-4 animate-spin">
    <circle cx="10" cy="10" r="7.5" stroke="currentColor" strokeWidth="2.5" opacity="0.25" />
    <path d="M17.5 10A7.5 7.5 0 0 0 10 2.5" stroke="currentColor" strokeWidth="2.5" />
  </svg>
)

/** The mark: three circles that share one centre, as a plexus shares its nerves. */
export const Mark = ({ className = 'size-8' }: { className?: string }) => (
  <svg viewBox="0 0 32 32" aria-hidden="true" className={`shrink-0 ${className}`}>
    <rect width="32" height="32" rx="9" className="fill-accent" />
    <g fill="none" strokeWidth="2.1" className="stroke-on-accent">
      <circle cx="16" cy="12.4" r="5.6" />
      <circle cx="12.4" cy="18.6" r="5.6" />
      <circle cx="19.6" cy="18.6" r="5.6" />
    </g>
  </svg>
)
