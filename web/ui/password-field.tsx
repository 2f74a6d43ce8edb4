import { type ComponentProps, useState } from 'react'
import { useText } from '../i18n/text.ts'
import { TextField } from './field.tsx'
import { Eye, EyeClosed } from './guard-glyphs.tsx'

type PasswordFieldProps = Omit<ComponentProps<typeof TextField>, 'type' | 'end'> & {
  autoComplete: 'current-password' | 'new-password'
  /** A suggestion is there to be read. */
  isShownFirst?: boolean
}

/** A password that its writer may look at; pasting and managers are welcome. */
export function PasswordField({ isShownFirst = false, ...props }: PasswordFieldProps) {
  const { t } = useText()
  const [isShown, setShown] = useState(isShownFirst)
  const end = (
    <button
      type="button"
      aria-pressed={isShown}
      aria-label={t('password.show')}
      onClick={() => setShown(!isShown)}
      className="absolute top-1 right-1 grid size-9 place-items-center rounded-sm text-ink-soft hover:bg-hover hover:text-ink"
    >
      {isShown ? <EyeClosed /> : <Eye />}
    </button>
  )
  return (
    <TextField
      autoCapitalize="off"
      spellCheck={false}
      maxLength={256}
      {...props}
      type={isShown ? 'text' : 'password'}
      end={end}
    />
  )
}
