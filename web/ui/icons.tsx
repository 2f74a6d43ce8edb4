import type { ReactNode } from 'react'
import { Glyph } from './glyph.tsx'

const paths = {
  search: (
    <>
      <circle cx="9" cy="9" r="5.5" />
      <path d="m13.5 13.5 3.5 3.5" />
    </>
  ),
  clock: (
    <>
      <circle cx="10" cy="10" r="7" />
      <path d="M10 6v4l2.5 1.8" />
    </>
  ),
  calendar: (
    <>
      <rect x="3.5" y="4.5" width="13" height="12" rx="2.5" />
      <path d="M3.5 8.5h13M7 2.8v3M13 2.8v3" />
    </>
  ),
  video: (
    <>
      <rect x="2.5" y="5.5" width="10" height="9" rx="2" />
      <path d="m12.5 9 5-2.5v7l-5-2.5" />
    </>
  ),
  pin: (
    <>
      <path d="M10 17.5s5.5-4.6 5.5-9a5.5 5.5 0 1 0-11 0c0 4.4 5.5 9 5.5 9Z" />
      <circle cx="10" cy="8.5" r="1.9" />
    </>
  ),
  home: <path d="m3.5 9 6.5-5.5L16.5 9v7a1 1 0 0 1-1 1H12v-4.5H8V17H4.5a1 1 0 0 1-1-1V9Z" />,
  globe: (
    <>
      <circle cx="10" cy="10" r="7" />
      <path d="M3 10h14M10 3c2.2 2 3.2 4.3 3.2 7s-1 5-3.2 7c-2.2-2-3.2-4.3-3.2-7S7.8 5 10 3Z" />
    </>
  ),
  check: <path d="m4.5 10.5 3.6 3.6 7.4-8" />,
  close: <path d="m5.5 5.5 9 9M14.5 5.5l-9 9" />,
  left: <path d="m12 5-5 5 5 5" />,
  right: <path d="m8 5 5 5-5 5" />,
  down: <path d="m5.5 8 4.5 4.5L14.5 8" />,
  arrow: <path d="M4 10h12m-4.5-4.5L16 10l-4.5 4.5" />,
  sun: (
    <>
      <circle cx="10" cy="10" r="3.2" />
      <path d="M10 2.8v1.4M10 15.8v1.4M2.8 10h1.4M15.8 10h1.4M4.9 4.9l1 1M14.1 14.1l1 1M4.9 15.1l1-1M14.1 5.9l1-1" />
    </>
  ),
  moon: <path d="M16.5 11.8A6.8 6.8 0 0 1 8.2 3.5a6.8 6.8 0 1 0 8.3 8.3Z" />,
  screen: (
    <>
      <rect x="2.8" y="4" width="14.4" height="9.5" rx="1.8" />
      <path d="M7 16.8h6" />
    </>
  ),
  person: (
    <>
      <circle cx="10" cy="6.8" r="3" />
      <path d="M4 16.8c.6-3 3-4.7 6-4.7s5.4 1.7 6 4.7" />
    </>
  ),
  people: (
    <>
      <circle cx="7.5" cy="7" r="2.7" />
      <path d="M2.5 16c.4-2.6 2.4-4 5-4s4.6 1.4 5 4M13 4.6a2.7 2.7 0 0 1 0 4.9M14.5 12.4c1.7.5 2.8 1.7 3.1 3.6" />
    </>
  ),
  alert: (
    <>
      <circle cx="10" cy="10" r="7" />
      <path d="M10 6.3v4.2M10 13.5v.1" />
    </>
  ),
  card: (
    <>
      <rect x="2.5" y="4.5" width="15" height="11" rx="2.2" />
      <path d="M2.5 8.2h15M5.5 12.5h3" />
    </>
  ),
  plus: <path d="M10 4.5v11M4.5 10h11" />,
  trash: <path d="M4 6h12M8 6V4.2h4V6m-6.5 0 .7 10h7.6l.7-10" />,
  download: <path d="M10 3.5v9m-3.5-3.5 3.5 3.5 3.5-3.5M4 16.5h12" />,
  leaf: <path d="M4.5 15.5C4 8.5 8 4 16 4c.3 7.5-3.5 12-10 11.3M4 17c1-3.5 3.5-6.3 7-8" />,
} as const satisfies Record<string, ReactNode>

export type IconName = keyof typeof paths

export const Icon = ({ name, className }: { name: IconName; className?: string }) => (
  <Glyph {...(className && { className })}>{paths[name]}</Glyph>
)
