import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useMutation } from 'urql'
import { useText } from '../../../i18n/text.ts'
import { Button } from '../../../ui/button.tsx'
import { CodeField } from '../../../ui/code-field.tsx'
import { type CodeRefusal, CodeRefusalNotice } from './code-refusal.tsx'
import { DisableTotp } from './query.ts'

type DisableProps = { onDone: () => void; onClose: () => void }

/** The last code from the app, for whoever has it in their hand. */
export function Disable({ onDone, onClose }: DisableProps) {
  const { t } = useText()
  const [{ fetching }, run] = useMutation(DisableTotp)
  const [refusal, setRefusal] = useState<CodeRefusal | null>(null)
  const place = useRef<HTMLFormElement>(null)
  useEffect(() => place.current?.querySelector('input')?.focus(), [])
  async function disable(code: string): Promise<void> {
    setRefusal(null)
    const { data, error } = await run({ code })
    const answer = data?.disableTotp
    if (!answer) return setRefusal({ kind: 'failed', error })
    if (answer.__typename === 'InvalidCodeError') return setRefusal({ kind: 'wrong', ...answer })
    onDone()
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const code = String(new FormData(event.currentTarget).get('code') ?? '')
    if (!fetching) void disable(code)
  }
  return (
    <form
      ref={place}
      onSubmit={submit}
      className="flex animate-rise flex-col gap-5 border-t border-line pt-5"
    >
      <p className="text-sm text-ink-soft">{t('twoStep.disable.body')}</p>
      {refusal && <CodeRefusalNotice refusal={refusal} />}
      <div className="max-w-60">
        <CodeField label={t('twoStep.code')} hint={t('twoStep.code.new')} />
      </div>
      <div className="flex flex-wrap gap-3 max-sm:*:w-full">
        <Button type="submit" variant="danger" busy={fetching}>
          {t('twoStep.disable')}
        </Button>
        <Button variant="secondary" onClick={onClose}>
          {t('security.keep')}
        </Button>
      </div>
    </form>
  )
}
