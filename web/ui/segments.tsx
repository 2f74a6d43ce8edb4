import { useId } from 'react'
import { Icon, type IconName } from './icons.tsx'

type Option<T extends string> = { value: T; label: string; icon?: IconName }

type SegmentsProps<T extends string> = {
  legend: string
  value: T
  options: readonly Option<T>[]
  onChange: (value: T) => void
  /** Keeps the legend for screen readers only. */
  hideLegend?: boolean
}

/** One choice out of two or three, all visible at once. */
export function Segments<T extends string>(props: SegmentsProps<T>) {
  const { legend, value, options, onChange, hideLegend } = props
  const name = useId()
  return (
    <fieldset className="min-w-0">
      <legend className={hideLegend ? 'sr-only' : 'mb-1.5 text-xs font-medium text-ink-faint'}>
        {legend}
      </legend>
      <div className="flex rounded-md bg-sunken p-0.5">
        {options.map((option) => (
          <label
            key={option.value}
            className="relative flex min-h-9 flex-1 items-center justify-center gap-1.5 rounded-sm px-2.5 text-sm text-ink-soft has-checked:bg-raised has-checked:font-medium has-checked:text-ink has-checked:shadow-1 has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              className="absolute inset-0 size-full cursor-pointer opacity-0"
            />
            {option.icon && <Icon name={option.icon} className="size-4" />}
            <span className="whitespace-nowrap">{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
