import { useText } from '../i18n/text.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Mark } from '../ui/glyph.tsx'
import { PageTitle } from '../ui/page-title.tsx'

/** The last line: a page that broke. A reload also fetches a newer build, the usual cure. */
export function PageError() {
  const { t } = useText()
  // A page's code that could not be fetched ends here too.
  const kind = navigator.onLine ? 'unexpected' : 'offline'
  const action = <Button onClick={() => location.reload()}>{t('failure.reload')}</Button>
  return (
    <div role="alert">
      <PageTitle title={t(`failure.${kind}.title`)} />
      <EmptyState icon={<Mark />} title={t(`failure.${kind}.title`)} action={action} level={1}>
        {t(`failure.${kind}.body`)}
      </EmptyState>
    </div>
  )
}
