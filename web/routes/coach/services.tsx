import { useId } from 'react'
import { formatDuration } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import { Icon } from '../../ui/icons.tsx'
import { locationLook } from '../../ui/location.ts'
import type { Service } from './query.ts'

function Facts({ service }: { service: Service }) {
  const { t, tag } = useText()
  const { icon, name } = locationLook[service.location]
  return (
    <span className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-soft">
      <span className="flex items-center gap-1.5">
        <Icon name="clock" className="size-4" />
        {formatDuration(service.duration, tag)}
      </span>
      <span className="flex items-center gap-1.5">
        <Icon name={icon} className="size-4" />
        {t(name)}
      </span>
      {service.capacity > 1 && (
        <span className="flex items-center gap-1.5">
          <Icon name="people" className="size-4" />
          {t('service.capacity', { count: service.capacity })}
        </span>
      )}
    </span>
  )
}

type ServicesProps = {
  services: readonly Service[]
  chosen: string
  onChange: (id: string) => void
}

export function Services({ services, chosen, onChange }: ServicesProps) {
  const { t, tag } = useText()
  const name = useId()
  return (
    <fieldset className="min-w-0">
      <legend className="mb-4 text-base font-semibold">{t('booker.service')}</legend>
      <div className="flex flex-col gap-2.5">
        {services.map((service) => (
          <label
            key={service.id}
            className="relative block rounded-lg border border-line p-4 transition-colors hover:border-line-strong has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={name}
              value={service.id}
              checked={service.id === chosen}
              onChange={() => onChange(service.id)}
              className="absolute inset-0 size-full cursor-pointer opacity-0"
            />
            <span className="block font-medium">{service.name}</span>
            <Facts service={service} />
            {service.id === chosen && service.description && (
              <span className="mt-3 block text-sm text-ink-soft">{service.description}</span>
            )}
          </label>
        ))}
      </div>
      <CancelNotice service={services.find(({ id }) => id === chosen)} tag={tag} />
    </fieldset>
  )
}

function CancelNotice({ service, tag }: { service: Service | undefined; tag: string }) {
  const { t } = useText()
  if (!service) return null
  return (
    <p className="mt-4 flex gap-2 text-sm text-ink-faint">
      <Icon name="check" className="mt-0.5 size-4" />
      {t('service.cancelNotice', { duration: formatDuration(service.cancelNotice, tag) })}
    </p>
  )
}
