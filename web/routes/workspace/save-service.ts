import { useRef, useState } from 'react'
import { useMutation } from 'urql'
import { minorDigits } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import { type Outcome, outcomeOf } from './outcome.tsx'
import { type OwnService, SaveService, SetPrice } from './query.ts'
import { inputFrom, minorUnits } from './service-input.ts'

/**
 * Saves a session, then its price where that has changed. A new session that is there already is not made a second
 * time when only its price has to be sent again.
 */
export function useSaveService(service: OwnService | null) {
  const { tag } = useText()
  const [, saveService] = useMutation(SaveService)
  const [, setPrice] = useMutation(SetPrice)
  const [busy, setBusy] = useState(false)
  const id = useRef(service?.id)
  const currency = service?.price?.currency ?? 'EUR'
  const digits = minorDigits(currency, tag)

  async function savePrice(serviceId: string, amount: number): Promise<Outcome> {
    if (amount === (service?.price?.amount ?? 0)) return { kind: 'saved' }
    const { data, error } = await setPrice({ input: { serviceId, amount, currency } })
    const outcome = outcomeOf(data?.setServicePrice, error)
    return outcome.kind === 'invalid' ? { kind: 'invalid', field: 'price' } : outcome
  }

  async function saveAll(form: FormData): Promise<Outcome> {
    const amount = minorUnits(String(form.get('price') ?? ''), digits)
    if (amount === null) return { kind: 'invalid', field: 'price' }
    const own = inputFrom(form, service)
    const input = id.current ? { ...own, id: id.current } : own
    const { data, error } = await saveService({ input })
    const outcome = outcomeOf(data?.upsertService, error)
    if (data?.upsertService.__typename !== 'ServiceUpserted') return outcome
    id.current = data.upsertService.service.id
    return savePrice(id.current, amount)
  }

  async function save(form: FormData): Promise<Outcome> {
    setBusy(true)
    const outcome = await saveAll(form)
    setBusy(false)
    return outcome
  }
  return { save, busy, currency, digits }
}
