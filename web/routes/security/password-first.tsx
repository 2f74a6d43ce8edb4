import { type FormEvent, useEffect, useRef } from 'react'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/button.tsx'
import { PasswordField } from '../../ui/password-field.tsx'

type PasswordFirstProps = {
  /** The password of before was not the right one. */
  isWrong: boolean
  busy: boolean
  onPassword: (password: string) => void
  onClose: () => void
}

/** Whoever signed in a while ago says the password once more before a first factor is added. */
export function PasswordFirst({ isWrong, busy, onPassword, onClose }: PasswordFirstProps) {
  const { t } = useText()
  const place = useRef<HTMLFormElement>(null)
  useEffect(() => place.current?.querySelector('input')?.focus(), [])
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!busy) onPassword(String(new FormData(event.currentTarget).get('current')))
  }
  return (
    <form
      ref={place}
      onSubmit={submit}
      className="flex max-w-md animate-rise flex-col gap-5 border-t border-line pt-5"
    >
      <p className="text-sm text-ink-soft">{t('passwordFirst.body')}</p>
      <PasswordField
        label={t('password.current')}
        error={isWrong ? t('password.wrong') : undefined}
        name="current"
        autoComplete="current-password"
        required
      />
      <div className="flex flex-wrap gap-3 max-sm:*:w-full">
        <Button type="submit" busy={busy}>
          {t('passwordFirst.submit')}
        </Button>
        <Button variant="quiet" onClick={onClose}>
          {t('form.close')}
        </Button>
      </div>
    </form>
  )
}
