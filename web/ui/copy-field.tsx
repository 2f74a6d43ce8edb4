import { useId, useRef, useState } from 'react'
import { useText } from '../i18n/text.ts'
import { Button } from './button.tsx'
import { Copy } from './guard-glyphs.tsx'
import { Icon } from './icons.tsx'

type CopyFieldProps = { label: string; value: string }

/** A value to be taken along: a press copies it, and without a clipboard it can be selected by hand. */
export function CopyField({ label, value }: CopyFieldProps) {
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
          {t(copied ? 'copy.done' : 'copy')}
          <span className="sr-only">{label}</span>
        </Button>
      </div>
      <span role="status" className="sr-only">
        {copied && t('copy.done')}
      </span>
    </div>
  )
}
