import { type FormEvent, useState } from 'react'
import { formatMinutes, minutesOf } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextArea, TextField } from '../../ui/field.tsx'
import { locationLook } from '../../ui/location.ts'
import { type Outcome, OutcomeNotice, useFieldError } from './outcome.tsx'
import type { OwnService } from './query.ts'
import { useSaveService } from './save-service.ts'
import { locations } from './service-input.ts'

const lengths = [15, 30, 45, 60, 75, 90, 120, 180]
const notices = [0, 60, 120, 240, 720, 1_440, 2_880, 4_320, 10_080]

type MinutesProps = { label: string; name: string; choices: readonly number[]; value: number }

/** A length of time out of a few; one that is set but not among them stays on offer. */
function MinutesField({ label, name, choices, value }: MinutesProps) {
  const { t, tag } = useText()
  const offered = [...new Set([...choices, value])].sort((a, b) => a - b)
  return (
    <SelectField label={label} name={name} defaultValue={value}>
      {offered.map((minutes) => (
        <option key={minutes} value={minutes}>
          {minutes === 0 ? t('service.noNotice') : formatMinutes(minutes, tag)}
        </option>
      ))}
    </SelectField>
  )
}

type FieldsProps = { service: OwnService | null; error: (field: string) => string | undefined }

function Words({ service, error }: FieldsProps) {
  const { t } = useText()
  return (
    <div className="grid grid-cols-1 gap-5 sm:grid-cols-2">
      <TextField
        label={t('service.nameFr')}
        error={error('nameFr')}
        name="nameFr"
        required
        maxLength={80}
        defaultValue={service?.nameFr}
      />
      <TextField
        label={t('service.nameEn')}
        error={error('nameEn')}
        name="nameEn"
        required
        maxLength={80}
        defaultValue={service?.nameEn}
      />
      <TextArea
        label={t('service.descriptionFr')}
        name="descriptionFr"
        rows={3}
        maxLength={1_000}
        defaultValue={service?.descriptionFr ?? ''}
      />
      <TextArea
        label={t('service.descriptionEn')}
        name="descriptionEn"
        rows={3}
        maxLength={1_000}
        defaultValue={service?.descriptionEn ?? ''}
      />
    </div>
  )
}

function Terms({ service, error }: FieldsProps) {
  const { t } = useText()
  const minutes = (duration: string | undefined, otherwise: number): number =>
    duration ? minutesOf(duration) : otherwise
  return (
    <div className="grid gap-5 sm:grid-cols-3">
      <MinutesField
        label={t('booking.duration')}
        name="duration"
        choices={lengths}
        value={minutes(service?.duration, 60)}
      />
      <SelectField
        label={t('booking.where')}
        name="location"
        defaultValue={service?.location ?? 'ONLINE'}
      >
        {locations.map((location) => (
          <option key={location} value={location}>
            {t(locationLook[location].name)}
          </option>
        ))}
      </SelectField>
      <TextField
        label={t('service.people')}
        error={error('capacity')}
        name="capacity"
        type="number"
        min={1}
        max={50}
        required
        defaultValue={service?.capacity ?? 1}
      />
      <MinutesField
        label={t('service.minimumNotice')}
        name="minimumNotice"
        choices={notices}
        value={minutes(service?.minimumNotice, 120)}
      />
      <MinutesField
        label={t('service.cancelNoticeLabel')}
        name="cancelNotice"
        choices={notices}
        value={minutes(service?.cancelNotice, 1_440)}
      />
    </div>
  )
}

function Price(props: FieldsProps & { currency: string; digits: number }) {
  const { t } = useText()
  const { service, error, currency, digits } = props
  const amount = (service?.price?.amount ?? 0) / 10 ** digits
  return (
    <div className="sm:max-w-72">
      <TextField
        label={t('service.price', { currency })}
        hint={t('service.price.hint')}
        error={error('price')}
        name="price"
        inputMode="decimal"
        defaultValue={String(amount)}
      />
    </div>
  )
}

export function ServiceForm(props: { service: OwnService | null; onClose: () => void }) {
  const { service, onClose } = props
  const { t } = useText()
  const { save, busy, currency, digits } = useSaveService(service)
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const error = useFieldError(outcome)
  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const next = await save(new FormData(event.currentTarget))
    if (next.kind === 'saved') onClose()
    else setOutcome(next)
  }
  return (
    <form
      onSubmit={(event) => void submit(event)}
      aria-label={t(service ? 'service.edit' : 'services.add')}
      className="flex flex-col gap-6 rounded-lg border border-line bg-surface p-5 shadow-2 sm:p-6"
    >
      <Words service={service} error={error} />
      <Terms service={service} error={error} />
      <Price service={service} error={error} currency={currency} digits={digits} />
      <OutcomeNotice outcome={outcome} conflict="form.conflict" />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" busy={busy}>
          {t('form.save')}
        </Button>
        <Button variant="secondary" onClick={onClose}>
          {t('form.close')}
        </Button>
      </div>
    </form>
  )
}
