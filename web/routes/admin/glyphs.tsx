import { Glyph } from '../../ui/glyph.tsx'

export const Banknote = () => (
  <Glyph>
    <rect x="2.5" y="5" width="15" height="10" rx="2" />
    <circle cx="10" cy="10" r="2.3" />
    <path d="M5.5 10h.1M14.5 10h.1" />
  </Glyph>
)

export const Arrivals = () => (
  <Glyph>
    <path d="M10 3v8m-3-3 3 3 3-3" />
    <path d="M3.5 11v4a1.5 1.5 0 0 0 1.5 1.5h10a1.5 1.5 0 0 0 1.5-1.5v-4" />
  </Glyph>
)

export const Braces = () => (
  <Glyph>
    <path d="M8 3.5c-2 0-2.5 1-2.5 2.5v1.8c0 1.2-.6 2-1.8 2.2 1.2.2 1.8 1 1.8 2.2V14c0 1.5.5 2.5 2.5 2.5M12 3.5c2 0 2.5 1 2.5 2.5v1.8c0 1.2.6 2 1.8 2.2-1.2.2-1.8 1-1.8 2.2V14c0 1.5-.5 2.5-2.5 2.5" />
  </Glyph>
)

export const Gauge = () => (
  <Glyph>
    <path d="M3.2 14.5a7.5 7.5 0 1 1 13.6 0" />
    <path d="m10 12 3.2-4.2" />
    <circle cx="10" cy="12.5" r="1.2" />
  </Glyph>
)

/** A paper that bears a seal. */
export const Sealed = () => (
  <Glyph>
    <path d="M5 2.5h7l3.5 3.5v5M5 2.5v15h5" />
    <circle cx="13.5" cy="14" r="2.5" />
    <path d="M7.5 8h4M7.5 11h2" />
  </Glyph>
)
