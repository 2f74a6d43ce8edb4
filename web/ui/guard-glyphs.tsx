import { Glyph } from './glyph.tsx'

/** Drawings of the pages about accounts and their safety, apart from the shell's icons. */
const small = 'size-4'

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

export const Shield = () => (
  <Glyph>
    <path d="M10 2.8 4 5v4.6c0 3.6 2.5 6.3 6 7.6 3.5-1.3 6-4 6-7.6V5l-6-2.2Z" />
    <path d="m7.3 9.9 2 2 3.6-3.9" />
  </Glyph>
)

export const Mail = () => (
  <Glyph>
    <rect x="2.8" y="4.8" width="14.4" height="10.6" rx="2" />
    <path d="m3.4 6.2 6.6 5 6.6-5" />
  </Glyph>
)

export const Phone = () => (
  <Glyph>
    <rect x="6" y="2.8" width="8" height="14.4" rx="2" />
    <path d="M9.3 14.6h1.4" />
  </Glyph>
)

export const Copy = () => (
  <Glyph className={small}>
    <rect x="7" y="7" width="9.5" height="9.5" rx="2" />
    <path d="M13 7V5.5a2 2 0 0 0-2-2H5.5a2 2 0 0 0-2 2V11a2 2 0 0 0 2 2H7" />
  </Glyph>
)

export const Print = () => (
  <Glyph className={small}>
    <path d="M6 7.5V3.5h8v4M6 13.5H4.8A1.8 1.8 0 0 1 3 11.7V9.3a1.8 1.8 0 0 1 1.8-1.8h10.4A1.8 1.8 0 0 1 17 9.3v2.4a1.8 1.8 0 0 1-1.8 1.8H14" />
    <path d="M6 11.5h8v5H6z" />
  </Glyph>
)

export const Eye = () => (
  <Glyph>
    <path d="M2.5 10s2.7-5 7.5-5 7.5 5 7.5 5-2.7 5-7.5 5-7.5-5-7.5-5Z" />
    <circle cx="10" cy="10" r="2.2" />
  </Glyph>
)

export const EyeClosed = () => (
  <Glyph>
    <path d="M3 8.5c1.4 2 3.8 4 7 4s5.6-2 7-4M5.2 11l-1.4 2M10 12.5V15M14.8 11l1.4 2" />
  </Glyph>
)
