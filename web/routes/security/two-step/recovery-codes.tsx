import { useEffect, useId, useRef, useState } from 'react'
import { useText } from '../../../i18n/text.ts'
import { Button } from '../../../ui/button.tsx'
import { Copy, Print } from '../../../ui/guard-glyphs.tsx'
import { Icon } from '../../../ui/icons.tsx'

const fileName = 'plexus-recovery-codes.txt'

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = Object.assign(document.createElement('a'), { href: url, download: fileName })
  link.click()
  URL.revokeObjectURL(url)
}

function TakeAlong({ codes }: { codes: readonly string[] }) {
  const { t } = useText()
  const [copied, setCopied] = useState(false)
  const text = `${t('recovery.file', { origin: location.host })}\n\n${codes.join('\n')}\n`
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  return (
    <div className="flex flex-wrap gap-2 print:hidden">
      <Button variant="secondary" size="sm" onClick={() => void copy()}>
        {copied ? <Icon name="check" className="size-4" /> : <Copy />}
        {t(copied ? 'copy.done' : 'copy')}
      </Button>
      <Button variant="secondary" size="sm" onClick={() => download(text)}>
        <Icon name="download" className="size-4" />
        {t('recovery.download')}
      </Button>
      <Button variant="secondary" size="sm" onClick={() => print()}>
        <Print />
        {t('recovery.print')}
      </Button>
      <span role="status" className="sr-only">
        {copied && t('copy.done')}
      </span>
    </div>
  )
}

type RecoveryCodesProps = { codes: readonly string[]; onKept: () => void }

/** The only time that the codes can be read: they stay until the person says that they are kept. */
export function RecoveryCodes({ codes, onKept }: RecoveryCodesProps) {
  const { t } = useText()
  const id = useId()
  const place = useRef<HTMLElement>(null)
  const [kept, setKept] = useState(false)
  useEffect(() => place.current?.focus(), [])
  return (
    <section
      ref={place}
      tabIndex={-1}
      data-focus-target
      data-print
      aria-labelledby={id}
      className="flex animate-rise flex-col gap-4 rounded-lg bg-sunken p-4 sm:p-5"
    >
      <h3 id={id} className="font-semibold">
        {t('recovery.codes')}
      </h3>
      <p className="flex items-start gap-2 text-sm text-caution">
        <Icon name="alert" className="mt-0.5 size-4" />
        {t('recovery.once')}
      </p>
      <ul className="grid grid-cols-2 gap-x-6 gap-y-2 font-mono text-sm tabular-nums sm:text-base">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <TakeAlong codes={codes} />
      <div className="flex flex-wrap items-center justify-between gap-3 border-t border-line pt-4 print:hidden">
        <label className="flex min-h-9 items-center gap-2.5 text-sm">
          <input
            type="checkbox"
            checked={kept}
            onChange={({ target }) => setKept(target.checked)}
            className="size-4.5 accent-accent"
          />
          {t('recovery.kept')}
        </label>
        <Button disabled={!kept} onClick={onKept}>
          {t('recovery.done')}
        </Button>
      </div>
    </section>
  )
}
