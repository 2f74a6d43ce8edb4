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
