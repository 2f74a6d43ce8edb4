import { Glyph } from '../../ui/glyph.tsx'

export const Lock = () => (
  <Glyph>
    <rect x="4.5" y="9" width="11" height="8" rx="2" />
    <path d="M7 9V6.5a3 3 0 0 1 6 0V9" />
  </Glyph>
)

export const Key = () => (
  <Glyph>
    <circle cx="7" cy="13" r="3.5" />
    <path d="m9.6 10.4 6.4-6.4m-2.4 2.4 2 2" />
  </Glyph>
)

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

export const Copy = () => (
  <Glyph className="size-4">
    <rect x="7" y="7" width="9.5" height="9.5" rx="2" />
    <path d="M13 7V5.5a2 2 0 0 0-2-2H5.5a2 2 0 0 0-2 2V11a2 2 0 0 0 2 2H7" />
  </Glyph>
)
