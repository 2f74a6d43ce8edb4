import type { ComponentProps } from 'react'
import { Spinner } from './glyph.tsx'

const base =
  'inline-flex items-center justify-center gap-2 whitespace-nowrap rounded-md font-medium ' +
  'transition-colors duration-150 select-none disabled:opacity-55 aria-disabled:opacity-55'

const variants = {
  primary: 'bg-accent text-on-accent shadow-1 hover:bg-accent-hover',
  secondary: 'border border-line bg-surface text-ink shadow-1 hover:bg-hover',
  quiet: 'text-ink-soft hover:bg-hover hover:text-ink',
  danger: 'bg-danger text-on-danger shadow-1 hover:bg-danger-hover',
} as const

const sizes = {
  sm: 'min-h-9 px-3 text-sm',
  md: 'min-h-11 px-4.5 text-sm',
  lg: 'min-h-12 px-6 text-base',
} as const

export type ButtonLook = { variant?: keyof typeof variants; size?: keyof typeof sizes }

/** The look of a button, for a link that acts as one. */
export const buttonClass = ({ variant = 'primary', size = 'md' }: ButtonLook = {}): string =>
  `${base} ${variants[variant]} ${sizes[size]}`

type ButtonProps = ComponentProps<'button'> & ButtonLook & { busy?: boolean }

/** While busy it keeps its width and focus, and ignores presses. */
export function Button({
  variant,
  size,
  busy,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const look = buttonClass({ ...(variant && { variant }), ...(size && { size }) })
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => (busy ? event.preventDefault() : onClick?.(event))}
      className={`${look} ${className ?? ''}`}
    >
      {busy && <Spinner />}
      {children}
    </button>
  )
}
