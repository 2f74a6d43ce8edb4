import { useId } from 'react'

type ChoiceProps<T extends string> = {
  label: string
  isLabelSeen?: boolean
  value: T
  options: readonly { value: T; label: string }[]
  onChange: (value: T) => void
}

/** One of several, by the browser's own control. */
export function Choice<T extends string>(props: ChoiceProps<T>) {
  const { label, isLabelSeen = false, value, options, onChange } = props
  const id = useId()
  return (
    <span className="choice">
      <label htmlFor={id} className={isLabelSeen ? 'seen' : 'unseen'}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={({ target }) => {
          const chosen = options.find((option) => option.value === target.value)
          if (chosen) onChange(chosen.value)
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </span>
  )
}
