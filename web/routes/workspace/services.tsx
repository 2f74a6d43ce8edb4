import { useEffect, useRef, useState } from 'react'
import { formatDuration } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Icon } from '../../ui/icons.tsx'
import { locationLook } from '../../ui/location.ts'
import { usePriceText } from '../../ui/use-price-text.ts'
import type { OwnService } from './query.ts'
import { ServiceForm } from './service-form.tsx'

function ServiceRow({ service, onEdit }: { service: OwnService; onEdit: () => void }) {
  const { t, tag, locale } = useText()
  const priceText = usePriceText()
  const name = locale === 'fr' ? service.nameFr : service.nameEn
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-3 rounded-lg border border-line bg-surface p-5">
      <div className="min-w-0 flex-1 basis-48">
        <h3 className="font-medium">{name}</h3>
        <p className="mt-1 text-sm text-ink-soft">
          {formatDuration(service.duration, tag)} · {t(locationLook[service.location].name)} ·{' '}
          {priceText(service.price)}
        </p>
      </div>
      <Button variant="secondary" size="sm" onClick={onEdit} data-opens={service.id}>
        {t('service.edit')}
        <span className="sr-only">{name}</span>
      </Button>
    </div>
  )
}

/** The focus goes into the form that opens, and back to the button that opened it. */
function useFocusKept(open: string | null) {
  const place = useRef<HTMLDivElement>(null)
  const before = useRef(open)
  useEffect(() => {
    if (before.current === open) return
    const opener = `[data-opens="${CSS.escape(before.current ?? '')}"]`
    place.current?.querySelector<HTMLElement>(open === null ? opener : 'form input')?.focus()
    before.current = open
  }, [open])
  return place
}

/** The coach's sessions; one at a time is open for editing, `new` among them. */
export function Services({ services }: { services: readonly OwnService[] }) {
  const { t } = useText()
  const [open, setOpen] = useState<string | null>(null)
  const place = useFocusKept(open)
  const close = () => setOpen(null)
  return (
    <div ref={place} className="flex flex-col gap-4">
      {services.map((service) =>
        open === service.id ? (
          <ServiceForm key={service.id} service={service} onClose={close} />
        ) : (
          <ServiceRow key={service.id} service={service} onEdit={() => setOpen(service.id)} />
        ),
      )}
      {open === 'new' && <ServiceForm service={null} onClose={close} />}
      {services.length === 0 && open === null && (
        <EmptyState icon={<Icon name="calendar" />} title={t('services.none.title')}>
          {t('services.none.body')}
        </EmptyState>
      )}
      {open !== 'new' && (
        <Button
          variant="secondary"
          onClick={() => setOpen('new')}
          data-opens="new"
          className="self-start"
        >
          <Icon name="plus" />
          {t('services.add')}
        </Button>
      )}
    </div>
  )
}
