import { type MessageId, useText } from '../../i18n/text.ts'
import { Button } from '../../ui/button.tsx'

type FormActionsProps = { submit: MessageId; busy: boolean; onClose: () => void }

/** The end of a form of the office: what it does, and the way out of it. */
export function FormActions({ submit, busy, onClose }: FormActionsProps) {
  const { t } = useText()
  return (
    <div className="flex flex-wrap gap-3 max-sm:*:w-full">
      <Button type="submit" busy={busy}>
        {t(submit)}
      </Button>
      <Button variant="quiet" onClick={onClose}>
        {t('form.close')}
      </Button>
    </div>
  )
}
