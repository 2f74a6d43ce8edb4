import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { useText } from '../i18n/text.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Mark } from '../ui/glyph.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { PageCodeError } from './page-code.ts'

/** Reloads only from a server that answers: else the browser's own error page would stay. */
async function reload(): Promise<void> {
  const answer = await fetch('/', { cache: 'no-store' }).catch(() => null)
  if (answer?.ok) location.reload()
}

/** The last line: a page that broke. A reload also fetches a newer build, the usual cure. */
export function PageError({ error }: ErrorComponentProps) {
  const { t } = useText()
  const router = useRouter()
  const [busy, setBusy] = useState(false)
  const isCode = error instanceof PageCodeError
  const broken = isCode ? 'unavailable' : 'unexpected'
  const kind = navigator.onLine ? broken : 'offline'
  async function retry(): Promise<void> {
    setBusy(true)
    await (isCode ? error.again().then(() => router.invalidate(), reload) : reload())
    setBusy(false)
  }
  const action = (
    <Button busy={busy} onClick={() => void retry()}>
      {t(isCode ? 'failure.retry' : 'failure.reload')}
    </Button>
  )
  return (
    <div role="alert">
      <PageTitle title={t(`failure.${kind}.title`)} />
      <EmptyState icon={<Mark />} title={t(`failure.${kind}.title`)} action={action} level={1}>
        {t(`failure.${kind}.body`)}
      </EmptyState>
    </div>
  )
}
