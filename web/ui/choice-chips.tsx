import { Icon } from './icons.tsx'

type ChoiceChipsProps = {
  legend: string
  name: string
  options: readonly { value: string; label: string }[]
  chosen: readonly string[]
}

/** Any number out of many, each a press away; a form reads them by their name. */
export const ChoiceChips = ({ legend, name, options, chosen }: ChoiceChipsProps) => (
  <fieldset className="min-w-0">
    <legend className="mb-2 text-sm font-medium">{legend}</legend>
    <div className="flex flex-wrap gap-2">
      {options.map(({ value, label }) => (
        <label
          key={value}
          className="group relative inline-flex min-h-9 items-center gap-1.5 rounded-full border border-line-strong px-3.5 text-sm text-ink-soft transition-colors hover:border-ink-soft has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent-ink has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
        >
          <input
            type="checkbox"
            name={name}
            value={value}
            defaultChecked={chosen.includes(value)}
            className="absolute inset-0 size-full cursor-pointer opacity-0"
          />
          <Icon name="check" className="hidden size-4 group-has-checked:block" />
          {label}
        </label>
      ))}
    </div>
  </fieldset>
)
