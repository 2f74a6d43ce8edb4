import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useMutation } from 'urql'
import { useText } from '../../../i18n/text.ts'
import { Button } from '../../../ui/button.tsx'
import { CodeField } from '../../../ui/code-field.tsx'
import { CopyField } from '../../../ui/copy-field.tsx'
import { type CodeRefusal, CodeRefusalNotice } from './code-refusal.tsx'
import { ConfirmTotp } from './query.ts'

export type Enrolment = { secret: string; otpauthUrl: string; qrSvg: string }

/** As people read it out and type it: groups of four. */
export const grouped = (secret: string): string => secret.match(/.{1,4}/g)?.join(' ') ?? secret

function useConfirmation(onConfirmed: (codes: readonly string[]) => void) {
  const [{ fetching }, run] = useMutation(ConfirmTotp)
  const [refusal, setRefusal] = useState<CodeRefusal | null>(null)
  async function confirm(code: string): Promise<void> {
    setRefusal(null)
    const { data, error } = await run({ input: { code } })
    const answer = data?.verifyTotp
    if (!answer) return setRefusal({ kind: 'failed', error })
    if (answer.__typename === 'InvalidCodeError') return setRefusal({ kind: 'wrong', ...answer })
    onConfirmed(answer.recoveryCodes ?? [])
  }
  return { confirm, refusal, busy: fetching }
}

function Keys({ enrolment }: { enrolment: Enrolment }) {
  const { t } = useText()
  return (
    <div className="flex flex-wrap gap-6">
      {/* A picture, not markup: nothing in it can act. White around it, or phones cannot read it in the dark. */}
      <img
        src={`data:image/svg+xml,${encodeURIComponent(enrolment.qrSvg)}`}
        alt={t('twoStep.qr')}
        width={184}
        height={184}
        className="rounded-lg border border-line bg-[#fff] p-2"
      />
      <div className="flex min-w-0 flex-1 basis-60 flex-col gap-4">
        <p className="text-sm text-ink-soft">{t('twoStep.scan')}</p>
        <CopyField label={t('twoStep.key')} value={grouped(enrolment.secret)} />
        <a
          href={enrolment.otpauthUrl}
          className="inline-flex min-h-9 items-center self-start text-sm font-medium text-accent-ink underline underline-offset-2 sm:hidden"
        >
          {t('twoStep.open')}
        </a>
      </div>
    </div>
  )
}

type EnrolProps = {
  enrolment: Enrolment
  onConfirmed: (codes: readonly string[]) => void
  onClose: () => void
}

/** The secret for an app, as a picture and to be typed; it counts once the app has shown a right code. */
export function Enrol({ enrolment, onConfirmed, onClose }: EnrolProps) {
  const { t } = useText()
  const { confirm, refusal, busy } = useConfirmation(onConfirmed)
  const place = useRef<HTMLFormElement>(null)
  useEffect(() => place.current?.focus(), [])
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const code = String(new FormData(event.currentTarget).get('code') ?? '')
    if (!busy) void confirm(code)
  }
  return (
    <form
      ref={place}
      tabIndex={-1}
      data-focus-target
      aria-label={t('twoStep.setup')}
      onSubmit={submit}
      className="flex animate-rise flex-col gap-5 border-t border-line pt-5"
    >
      <Keys enrolment={enrolment} />
      {refusal && <CodeRefusalNotice refusal={refusal} />}
      <div className="max-w-60">
        <CodeField label={t('twoStep.code')} hint={t('twoStep.code.hint')} />
      </div>
      <div className="flex flex-wrap gap-3 max-sm:*:w-full">
        <Button type="submit" busy={busy}>
          {t('twoStep.confirm')}
        </Button>
        <Button variant="quiet" onClick={onClose}>
          {t('form.close')}
        </Button>
      </div>
    </form>
  )
}
