import { useEffect, useId, useRef } from 'react'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/button.tsx'
import { CopyField } from '../../ui/copy-field.tsx'
import { Icon } from '../../ui/icons.tsx'

export type Secret = { name: string; clientId: string | null; secret: string }

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
      {secret.clientId && <CopyField label={t('admin.secret.clientId')} value={secret.clientId} />}
      <CopyField label={t('admin.secret.secret')} value={secret.secret} />
      <Button className="self-start max-sm:w-full" onClick={onClose}>
        {t('admin.secret.kept')}
      </Button>
    </section>
  )
}
