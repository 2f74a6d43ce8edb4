import { useLocation } from '@tanstack/react-router'
import { formatInstant, formatRange } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import { signInUrl, useSession } from '../../session/session.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { usePriceText } from '../../ui/use-price-text.ts'
import type { BookingChoice } from './booking-choice.ts'
import type { Hold } from './hold.ts'

function Continue({ hold, token }: { hold: Hold; token: string }) {
  const { t } = useText()
  const { session } = useSession()
  const { href } = useLocation()
  if (session.state === 'anonymous')
    return (
      <a href={signInUrl(href)} className={`${buttonClass({ size: 'lg' })} max-sm:w-full`}>
        {t('booker.signIn')}
      </a>
    )
  return (
    <Button
      size="lg"
      busy={hold.busy || session.state === 'loading'}
      onClick={() => void hold.hold(token)}
      className="max-sm:w-full"
    >
      {t('booker.continue')}
      {!hold.busy && <Icon name="arrow" />}
    </Button>
  )
}

/** What was chosen and the one step further; it stays in sight on a phone. */
export function HoldBar({ hold, choice }: { hold: Hold; choice: BookingChoice }) {
  const { t, tag } = useText()
  const priceText = usePriceText()
  const { slot, service, zone } = choice
  const place = { tag, timeZone: zone }
  return (
    <div aria-live="polite" className="sticky bottom-0 z-10">
      {slot && (
        <div className="flex animate-rise flex-wrap items-center gap-x-6 gap-y-3 rounded-b-xl border-t border-line bg-raised px-5 py-4 max-sm:shadow-3 sm:px-6">
          <p className="min-w-0 flex-1 basis-56">
            <span className="block truncate text-sm text-ink-faint">
              {[service.name, priceText(service.price)].filter(Boolean).join(' · ')}
            </span>
            <span className="block font-semibold first-letter:uppercase">
              {t('booker.when', {
                day: formatInstant(slot.start, 'day', place),
                time: formatRange(slot.start, slot.end, place),
              })}
            </span>
          </p>
          <Continue hold={hold} token={slot.token} />
        </div>
      )}
    </div>
  )
}
