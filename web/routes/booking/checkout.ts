import { useEffect, useRef, useState } from 'react'
import { type CombinedError, useMutation } from 'urql'
import { useText } from '../../i18n/text.ts'
import { StartCheckout } from './query.ts'

/** Where money is entered: an encrypted page, or one on this machine while developing. */
export function isPaymentPage(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isHere(url))
}

const isHere = ({ hostname }: URL): boolean =>
  hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '127.0.0.1'

/** Leaves for the payment page. One key an intent: pressing again after a lost answer opens the same page. */
export function useCheckout(bookingId: string, onFailed: (error?: CombinedError) => void) {
  const { locale } = useText()
  const key = useRef<string>(null)
  const [{ fetching }, run] = useMutation(StartCheckout)
  const [leaving, setLeaving] = useState(false)
  useEffect(() => {
    // The browser may keep this page as it was left, and show it again on the way back.
    const onBack = () => setLeaving(false)
    window.addEventListener('pageshow', onBack)
    return () => window.removeEventListener('pageshow', onBack)
  }, [])
  async function pay(): Promise<void> {
    key.current ??= crypto.randomUUID()
    const { data, error } = await run({ input: { idempotencyKey: key.current, bookingId, locale } })
    const answer = data?.startCheckout
    if (answer) key.current = null
    if (answer?.__typename !== 'CheckoutStarted' || !isPaymentPage(answer.redirectUrl))
      return onFailed(error)
    setLeaving(true)
    location.assign(answer.redirectUrl)
  }
  return { pay, paying: fetching || leaving }
}
