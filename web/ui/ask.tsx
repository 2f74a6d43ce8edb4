import { type MessageId, useText, type Values } from '../i18n/text.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

export type Question = {
  title: MessageId
  body: MessageId
  values?: Values
  confirm: MessageId
  keep: MessageId
  onConfirm: () => void
}

/** What cannot be undone is asked about first. */
export function Ask({ question, onClose }: { question: Question; onClose: () => void }) {
  const { t } = useText()
  const { title, body, values, confirm, keep, onConfirm } = question
  const actions = (
    <>
      <Button variant="secondary" onClick={onClose}>
        {t(keep)}
      </Button>
      <Button
        variant="danger"
        onClick={() => {
          onClose()
          onConfirm()
        }}
      >
        {t(confirm)}
      </Button>
    </>
  )
  return (
    <Dialog title={t(title, values)} onClose={onClose} actions={actions}>
      <p>{t(body, values)}</p>
    </Dialog>
  )
}
