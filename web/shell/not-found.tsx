import { Link } from '@tanstack/react-router'
import { useText } from '../i18n/text.ts'
import { buttonClass } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Mark } from '../ui/glyph.tsx'
import { PageTitle } from '../ui/page-title.tsx'

export function NotFound() {
  const { t } = useText()
  const action = (
    <>
      <Link to="/coaches" className={buttonClass()}>
        {t('coaches.browse')}
      </Link>
      <Link to="/" className={buttonClass({ variant: 'secondary' })}>
        {t('notFound.home')}
      </Link>
    </>
  )
  return (
    <>
      <PageTitle title={t('notFound.title')} />
      <EmptyState icon={<Mark />} title={t('notFound.title')} action={action} level={1}>
        {t('notFound.body')}
      </EmptyState>
    </>
  )
}
