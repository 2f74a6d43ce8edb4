import type { GraphiQLPlugin } from '@graphiql/react'
import { GraphiQL } from 'graphiql'
import { type ReactNode, useState } from 'react'
import type { Locale } from '../i18n/locale.ts'
import type { Theme } from '../shell/theme.ts'
import { defaultTabs } from './examples.ts'
import { fetcher } from './fetcher.ts'
import { Follow } from './follow.ts'
import { LensBar } from './lens-bar.tsx'
import { plugins } from './plugins.tsx'
import { LocaleContext } from './use-text.ts'

type ToolsProps = { prettify: ReactNode; merge: ReactNode; copy: ReactNode }

/** GraphiQL's own buttons, and what has to be inside of it to follow our choices. */
const Tools = ({ prettify, merge, copy }: ToolsProps) => (
  <>
    {prettify}
    {merge}
    {copy}
    <Follow />
  </>
)

/** The pane that is open, which stays so in another language: GraphiQL would close it. */
function useVisible(locale: Locale) {
  const [visible, setVisible] = useState<GraphiQLPlugin | null>(null)
  const same = plugins[locale].find(({ content }) => content === visible?.content) ?? visible
  return { ...(same && { visiblePlugin: same }), onTogglePluginVisibility: setVisible }
}

/**
 * GraphiQL, told of our graph. There is no place for a header: the session's cookie is all it needs,
 * and the history would keep a token that somebody types there, whatever is said of persisting.
 */
export function Tool({ locale, theme }: { locale: Locale; theme: Theme }) {
  const [tabs] = useState(() => defaultTabs(locale))
  const visible = useVisible(locale)
  return (
    <LocaleContext value={locale}>
      <LensBar />
      <div className="graphiql">
        <GraphiQL
          fetcher={fetcher}
          forcedTheme={theme}
          defaultTabs={tabs}
          plugins={plugins[locale]}
          {...visible}
          isHeadersEditorEnabled={false}
          shouldPersistHeaders={false}
          showPersistHeadersSettings={false}
          defaultEditorToolsVisibility={false}
        >
          <GraphiQL.Logo> </GraphiQL.Logo>
          <GraphiQL.Toolbar>{Tools}</GraphiQL.Toolbar>
        </GraphiQL>
      </div>
    </LocaleContext>
  )
}
