import { useText } from '../../i18n/text.ts'
import { Skeleton } from '../../ui/skeleton.tsx'

/** The page's own proportions, so that nothing moves when the coach arrives. */
export function CoachPageSkeleton() {
  const { t } = useText()
  return (
    <div className="mx-auto max-w-6xl px-4 py-6 sm:px-6 sm:py-10">
      <p role="status" className="sr-only">
        {t('loading')}
      </p>
      <Skeleton className="h-9 w-28" />
      <div className="mt-6 flex items-center gap-5">
        <Skeleton className="size-20 sm:size-24" />
        <div className="flex-1">
          <Skeleton className="h-9 w-56 max-w-full" />
          <Skeleton className="mt-3 h-5 w-80 max-w-full" />
        </div>
      </div>
      <Skeleton className="mt-6 h-24 w-full max-w-2xl" />
      <Skeleton className="mt-10 h-[34rem] w-full" />
    </div>
  )
}
