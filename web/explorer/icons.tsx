import type { ReactNode } from 'react'

const Icon = ({ children }: { children: ReactNode }) => (
  <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
    {children}
  </svg>
)

export const PlanIcon = () => (
  <Icon>
    <circle cx="5" cy="12" r="2.5" />
    <circle cx="18" cy="5.5" r="2.5" />
    <circle cx="18" cy="18.5" r="2.5" />
    <path d="M7.5 12h4m4-6.5h-2a2 2 0 0 0-2 2v9a2 2 0 0 0 2 2h2" />
  </Icon>
)

export const TraceIcon = () => (
  <Icon>
    <path d="M4 5h8M8 10h9M8 15h5M14 20h6" strokeWidth="2.4" />
  </Icon>
)

export const SavedIcon = () => (
  <Icon>
    <path d="M6.5 4h11v16L12 16l-5.5 4z" strokeLinejoin="round" />
  </Icon>
)

export const PublishIcon = () => (
  <Icon>
    <path d="M12 15V4m0 0L7.5 8.5M12 4l4.5 4.5M5 15v4h14v-4" strokeLinejoin="round" />
  </Icon>
)
