import { GraphiQL } from 'graphiql'
import { useState } from 'react'
import type { Locale } from '../i18n/locale.ts'
import type { Theme } from '../shell/theme.ts'
import { defaultTabs } from './examples.ts'
import { fetcher } from './fetcher.ts'

/**
 * GraphiQL, told of our graph. There is no place for a header: the session's cookie is all it needs,
 * and the history would keep a token that somebody types there, whatever is said of persisting.
 */
export function Tool({ locale, theme }: { locale: Locale; theme: Theme }) {
  const [tabs] = useState(() => defaultTabs(locale))
  return (
    <GraphiQL
      fetcher={fetcher}
      forcedTheme={theme}
      defaultTabs={tabs}
      isHeadersEditorEnabled={false}
      shouldPersistHeaders={false}
      showPersistHeadersSettings={false}
      defaultEditorToolsVisibility={false}
    >
      <GraphiQL.Logo> </GraphiQL.Logo>
    </GraphiQL>
  )
}
