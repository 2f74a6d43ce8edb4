import { useState } from 'react'
import { useText } from '../../../i18n/text.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { SelectField } from '../../../ui/field.tsx'
import type { ApiKey } from './query.ts'

/** For how long the key of before works beside the new one. */
const overlaps = [0, 1, 24, 72, 168] as const
const usual = 24

type RotateDialogProps = {
  apiKey: ApiKey
  onRotate: (overlapHours: number) => void
  onClose: () => void
}

export function RotateDialog({ apiKey, onRotate, onClose }: RotateDialogProps) {
  const { t } = useText()
  const [hours, setHours] = useState<number>(usual)
  const actions = (
    <>
      <Button variant="secondary" onClick={onClose}>
        {t('admin.keep')}
      </Button>
      <Button onClick={() => onRotate(hours)}>{t('admin.key.rotate.confirm')}</Button>
    </>
  )
  return (
    <Dialog
      title={t('admin.key.rotate.title', { name: apiKey.name })}
      onClose={onClose}
      actions={actions}
    >
      <p>{t('admin.key.rotate.body')}</p>
      <div className="mt-4">
        <SelectField
          label={t('admin.key.overlap')}
          value={hours}
          onChange={({ target }) => setHours(Number(target.value))}
        >
          {overlaps.map((count) => (
            <option key={count} value={count}>
              {t('admin.key.hours', { count })}
            </option>
          ))}
        </SelectField>
      </div>
    </Dialog>
  )
}
