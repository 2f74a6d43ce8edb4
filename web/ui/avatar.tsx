const gradients = 8

/** The same name always gets the same gradient (FNV-1a, which spreads short words well). */
const gradientOf = (name: string): number =>
  [...name].reduce(
    (hash, letter) => Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0,
    0x811c9dc5,
  ) % gradients

const initialsOf = (name: string): string =>
  name
    .split(/[\s-]+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => [...word][0]?.toLocaleUpperCase())
    .join('')

const sizes = {
  sm: 'size-8 text-xs rounded-md',
  md: 'size-12 text-sm rounded-lg',
  lg: 'size-14 text-base rounded-lg',
  xl: 'size-20 text-xl rounded-xl sm:size-24 sm:text-2xl',
} as const

/** Decorative: the name always stands beside it, so the initials are paint and not text. */
export const Avatar = ({ name, size = 'md' }: { name: string; size?: keyof typeof sizes }) => (
  <span
    aria-hidden="true"
    data-initials={initialsOf(name)}
    className={`avatar avatar-${gradientOf(name)} ${sizes[size]} grid shrink-0 place-items-center font-semibold tracking-wide before:content-[attr(data-initials)]`}
  />
)
