import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { RouterProvider } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { Provider } from 'urql'
import { createGraphClient } from './graph/client.ts'
import { router } from './router.tsx'
import { SessionProvider, useSession } from './session/session.tsx'

function Graph({ children }: { children: ReactNode }) {
  const { refresh } = useSession()
  const [client] = useState(() => createGraphClient(() => void refresh()))
  return <Provider value={client}>{children}</Provider>
}

export const App = () => (
  <I18nProvider i18n={i18n}>
    <SessionProvider>
      <Graph>
        <RouterProvider router={router} />
      </Graph>
    </SessionProvider>
  </I18nProvider>
)
