import { useText } from '../../i18n/text.ts'
import { Skeleton } from '../../ui/skeleton.tsx'

const places = [0, 1, 2] as const

/** The place of so many facts that are asked for, three at most. */
export function PanelSkeleton({ rows = 1 }: { rows?: number }) {
  const { t } = useText()
  return (
    <>
      <p role="status" className="sr-only">
        {t('loading')}
      </p>
      {places.slice(0, rows).map((place) => (
        <div key={place} className="flex gap-4 rounded-xl border border-line bg-surface p-5">
          <Skeleton className="size-11" />
          <div className="flex-1">
            <Skeleton className="h-6 w-40 max-w-full" />
            <Skeleton className="mt-1.5 h-5 w-56 max-w-full" />
          </div>
        </div>
      ))}
    </>
  )
}
