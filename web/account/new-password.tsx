import { useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { useText } from '../i18n/text.ts'
import { PasswordField } from '../ui/password-field.tsx'
import { problemTexts, type Weakness } from './problems.ts'
import { PasswordRules, SuggestPassword } from './query.ts'
import { Strength } from './strength.tsx'

const defaultMinLength = 12

function Problems({ problems }: Pick<Weakness, 'problems'>) {
  const { t } = useText()
  return (
    <ul className="list-disc pl-5 text-xs text-danger">
      {problemTexts(problems).map((text) => (
        <li key={text}>{t(text)}</li>
      ))}
    </ul>
  )
}

/** Counted, so that each is shown when it comes, and stays hidden once its reader hides it. */
type Suggestion = { value: string; entropyBits: number; place: number }

type NewPasswordProps = { label: string; name: string; weakness: Weakness | null }

/** A password to come: typed, pasted, from a manager, or a suggestion of the server's. */
export function NewPassword({ label, name, weakness }: NewPasswordProps) {
  const { t } = useText()
  const [{ data }] = useQuery({ query: PasswordRules })
  const [{ fetching, error }, suggest] = useMutation(SuggestPassword)
  const [value, setValue] = useState('')
  const [suggested, setSuggested] = useState<Suggestion | null>(null)
  const minLength = data?.passwordPolicy.minLength ?? defaultMinLength
  const isSuggested = suggested !== null && suggested.value === value
  const entropyBits = isSuggested ? suggested.entropyBits : weakness?.entropyBits
  async function propose(): Promise<void> {
    const answer = await suggest({})
    const made = answer.data?.generatePassword
    if (made?.__typename !== 'GeneratedPassword') return
    setSuggested((before) => ({ ...made, place: (before?.place ?? 0) + 1 }))
    setValue(made.value)
  }
  return (
    <div className="flex flex-col gap-2">
      <PasswordField
        key={suggested?.place}
        label={label}
        hint={t('password.hint', { count: minLength })}
        error={weakness && !isSuggested ? t('password.refused') : undefined}
        name={name}
        autoComplete="new-password"
        required
        minLength={minLength}
        value={value}
        isShownFirst={suggested !== null}
        onChange={({ target }) => setValue(target.value)}
      />
      <div role="status" className="flex flex-col gap-2">
        {weakness && !isSuggested && <Problems problems={weakness.problems} />}
        {entropyBits !== undefined && <Strength entropyBits={entropyBits} />}
        {isSuggested && <p className="text-xs text-ink-soft">{t('password.suggested')}</p>}
        {error && <p className="text-xs text-danger">{t('password.suggest.failed')}</p>}
      </div>
      <button
        type="button"
        aria-disabled={fetching || undefined}
        onClick={() => fetching || void propose()}
        className="min-h-8 self-start rounded-sm text-sm font-medium text-accent-ink underline underline-offset-2"
      >
        {t(isSuggested ? 'password.suggest.again' : 'password.suggest')}
      </button>
    </div>
  )
}
