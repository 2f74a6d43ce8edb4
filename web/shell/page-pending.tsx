import { useText } from '../i18n/text.ts'
import { Skeleton } from '../ui/skeleton.tsx'

export function PagePending() {
  const { t } = useText()
  return (
    <div className="mx-auto min-h-[80vh] max-w-6xl px-4 py-12 sm:px-6">
      <p role="status" className="sr-only">
        {t('loading')}
      </p>
      <Skeleton className="h-9 w-64 max-w-full" />
      <Skeleton className="mt-4 h-5 w-96 max-w-full" />
    </div>
  )
}
