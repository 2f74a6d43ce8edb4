import './workers.ts'
import '@graphiql/react/style.css'
import '@graphiql/plugin-doc-explorer/style.css'
import '@graphiql/plugin-history/style.css'
import 'graphiql/graphiql.css'
import './explorer.css'
import './panes.css'
import { createRoot } from 'react-dom/client'
import { SessionProvider } from '../session/session.tsx'
import { ExplorerPage } from './page.tsx'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root.')

createRoot(root).render(
  <SessionProvider>
    <ExplorerPage />
  </SessionProvider>,
)
