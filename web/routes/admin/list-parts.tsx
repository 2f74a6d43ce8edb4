import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/button.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'

/** As many rows as fit on a screen ask for at once. */
export const pageSize = 25

export function ListSkeleton() {
  const { t } = useText()
  return (
    <div className="mt-8 flex flex-col gap-3">
      <p role="status" className="sr-only">
        {t('loading')}
      </p>
      {[0, 1, 2, 3].map((place) => (
        <Skeleton key={place} className="h-14 w-full" />
      ))}
    </div>
  )
}

type Page = { hasNextPage: boolean; endCursor: string | null }
type MoreProps = { page: Page; busy: boolean; onMore: (after: string | null) => void }

/** The way to the next rows, when there are some. */
export function More({ page, busy, onMore }: MoreProps) {
  const { t } = useText()
  if (!page.hasNextPage) return null
  return (
    <div className="mt-8 flex justify-center">
      <Button variant="secondary" busy={busy} onClick={() => onMore(page.endCursor)}>
        {t('list.more')}
      </Button>
    </div>
  )
}
