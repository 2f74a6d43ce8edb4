import { type ReactNode, useId } from 'react'
import { formatDuration, formatPercent } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import { Icon } from '../../ui/icons.tsx'
import { locationLook } from '../../ui/location.ts'
import { usePriceText } from '../../ui/use-price-text.ts'
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

/** The price of one seat: said to be that where more people take part. */
function usePriceLine(): (service: Service) => string {
  const { t } = useText()
  const priceText = usePriceText()
  return ({ price, capacity }) =>
    price && capacity > 1 ? t('price.perSeat', { price: priceText(price) }) : priceText(price)
}

type ServicesProps = {
  services: readonly Service[]
  chosen: string
  onChange: (id: string) => void
}

export function Services({ services, chosen, onChange }: ServicesProps) {
  const { t } = useText()
  const price = usePriceLine()
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
            <span className="flex flex-wrap justify-between gap-x-4">
              <span className="font-medium">{service.name}</span>
              <span className="font-medium tabular-nums">{price(service)}</span>
            </span>
            <Facts service={service} />
            {service.id === chosen && service.description && (
              <span className="mt-3 block text-sm text-ink-soft">{service.description}</span>
            )}
          </label>
        ))}
      </div>
      <Terms service={services.find(({ id }) => id === chosen)} />
    </fieldset>
  )
}

const Term = ({ children }: { children: ReactNode }) => (
  <li className="flex gap-2">
    <Icon name="check" className="mt-0.5 size-4" />
    {children}
  </li>
)

/** Until when one can change one's mind, and what that gives back where there is a price. */
function Terms({ service }: { service: Service | undefined }) {
  const { t, tag } = useText()
  if (!service) return null
  const { cancelNotice, steps } = service.cancellationPolicy
  const given = service.price ? steps.filter(({ refundPercent }) => refundPercent > 0) : []
  return (
    <ul className="mt-4 flex flex-col gap-1.5 text-sm text-ink-faint">
      {given.map(({ atLeastBefore, refundPercent }) => (
        <Term key={atLeastBefore}>
          {t(refundPercent === 100 ? 'service.refundFull' : 'service.refundPart', {
            percent: formatPercent(refundPercent, tag),
            duration: formatDuration(atLeastBefore, tag),
          })}
        </Term>
      ))}
      {given.length === 0 && (
        <Term>{t('service.cancelNotice', { duration: formatDuration(cancelNotice, tag) })}</Term>
      )}
    </ul>
  )
}
