import type { Money } from '../graph/fragments.ts'
import { formatMoney } from '../i18n/format.ts'
import { useText } from '../i18n/text.ts'

/** "60 €", or "Free" for null; nothing while a price is not known. */
export function usePriceText(): (price: Money | null | undefined) => string {
  const { t, tag } = useText()
  return (price) => {
    if (price === undefined) return ''
    return price ? formatMoney(price, tag) : t('price.free')
  }
}
