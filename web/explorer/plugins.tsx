import { HISTORY_PLUGIN } from '@graphiql/plugin-history'
import type { GraphiQLPlugin } from '@graphiql/react'
import type { Locale } from '../i18n/locale.ts'
import { PlanIcon, PublishIcon, SavedIcon, TraceIcon } from './icons.tsx'
import { PlanPane } from './panes/plan-pane.tsx'
import { PublishPane } from './panes/publish-pane.tsx'
import { SavedPane } from './panes/saved-pane.tsx'
import { TracePane } from './panes/trace-pane.tsx'
import { textIn } from './texts.ts'

const pluginsIn = (locale: Locale): GraphiQLPlugin[] => [
  HISTORY_PLUGIN,
  { title: textIn(locale, 'plan'), icon: PlanIcon, content: PlanPane },
  { title: textIn(locale, 'trace'), icon: TraceIcon, content: TracePane },
  { title: textIn(locale, 'saved'), icon: SavedIcon, content: SavedPane },
  { title: textIn(locale, 'publish'), icon: PublishIcon, content: PublishPane },
]

/** What GraphiQL shows beside its documentation: it tells them apart by their titles. */
export const plugins: Readonly<Record<Locale, GraphiQLPlugin[]>> = {
  fr: pluginsIn('fr'),
  en: pluginsIn('en'),
}
