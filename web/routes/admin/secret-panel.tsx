import { useEffect, useId, useRef, useState } from 'react'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Copy } from './glyphs.tsx'

export type Secret = { name: string; clientId: string; secret: string }

type CopyFieldProps = { label: string; value: string }

/** A value to be taken along: a press copies it, and without a clipboard it can be selected by hand. */
function CopyField({ label, value }: CopyFieldProps) {
  const { t } = useText()
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const [copied, setCopied] = useState(false)
  async function copy(): Promise<void> {
    field.current?.select()
    await navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  }
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <div className="flex gap-2">
        <input
          ref={field}
          id={id}
          readOnly
          value={value}
          onFocus={({ target }) => target.select()}
          className="min-h-11 min-w-0 flex-1 rounded-md border border-line-strong bg-surface px-3.5 font-mono text-sm text-ink"
        />
        <Button variant="secondary" onClick={() => void copy()}>
          {copied ? <Icon name="check" className="size-4" /> : <Copy />}
          {t(copied ? 'admin.secret.copied' : 'admin.secret.copy')}
          <span className="sr-only">{label}</span>
        </Button>
      </div>
      <span role="status" className="sr-only">
        {copied && t('admin.secret.copied')}
      </span>
    </div>
  )
}

/** The only time that a secret can be read: it stays until the person says that it is kept. */
export function SecretPanel({ secret, onClose }: { secret: Secret; onClose: () => void }) {
  const { t } = useText()
  const place = useRef<HTMLElement>(null)
  const titleId = useId()
  useEffect(() => place.current?.focus(), [])
  return (
    <section
      ref={place}
      tabIndex={-1}
      data-focus-target
      aria-labelledby={titleId}
      className="mt-8 flex animate-rise flex-col gap-5 rounded-xl border border-line bg-surface p-5 shadow-2 sm:p-6"
    >
      <div>
        <h2 id={titleId} className="text-xl font-semibold">
          {t('admin.secret.title', { name: secret.name })}
        </h2>
        <p className="mt-2 flex items-start gap-2 text-sm text-caution">
          <Icon name="alert" className="mt-0.5 size-4" />
          {t('admin.secret.once')}
        </p>
      </div>
      <CopyField label={t('admin.secret.clientId')} value={secret.clientId} />
      <CopyField label={t('admin.secret.secret')} value={secret.secret} />
      <Button className="self-start max-sm:w-full" onClick={onClose}>
        {t('admin.secret.kept')}
      </Button>
    </section>
  )
}
