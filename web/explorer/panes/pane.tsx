import type { ReactNode } from 'react'
import { Refusal } from '../api.ts'
import type { TextId } from '../texts.en.ts'
import { useText } from '../use-text.ts'

type PaneProps = { title: TextId; intro?: TextId; children: ReactNode }

/** What one of our plugins shows: GraphiQL's own part is English, this is in the page's language. */
export function Pane({ title, intro, children }: PaneProps) {
  const { t, locale } = useText()
  return (
    <section lang={locale} className="pane" aria-labelledby={`pane-${title}`}>
      <h2 id={`pane-${title}`}>{t(title)}</h2>
      {intro && <p className="soft">{t(intro)}</p>}
      {children}
    </section>
  )
}

/** Said aloud when it comes. */
export const Notice = ({ tone, children }: { tone: 'good' | 'bad'; children: ReactNode }) => (
  <div role={tone === 'bad' ? 'alert' : 'status'} className={`notice ${tone}`}>
    {children}
  </div>
)

const known: Readonly<Record<string, TextId>> = {
  FORBIDDEN: 'refusedForbidden',
  UNAUTHENTICATED: 'refusedForbidden',
  UNAVAILABLE: 'refusedUnavailable',
}

/** Both lead back here, where the editors hold what they held. */
const signInUrl = '/auth/login?returnTo=/graphiql'
const stepUpUrl = '/auth/login?acr=2&returnTo=/graphiql'

export function Refused({ refusal }: { refusal: Refusal }) {
  const { t } = useText()
  const id = known[refusal.code]
  if (id === 'refusedForbidden')
    return (
      <Notice tone="bad">
        <p>{t(id)}</p>
        <a href={signInUrl}>{t('signInAgain')}</a>
      </Notice>
    )
  if (id) return <Notice tone="bad">{t(id)}</Notice>
  if (refusal.code === 'UNAUTHORIZED_FIELD_OR_TYPE')
    return (
      <Notice tone="bad">
        <p>{t('stepUp')}</p>
        <a href={stepUpUrl}>{t('stepUpNow')}</a>
      </Notice>
    )
  return (
    <Notice tone="bad">
      <p>{t('refused')}</p>
      <p lang="en">{refusal.message}</p>
    </Notice>
  )
}

/** Whatever else goes wrong is a fault of the page. */
export function refusalFrom(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  throw error
}
