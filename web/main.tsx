import './styles/app.css'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { storedLocale, visitorLocale } from './i18n/locale.ts'
import { activate } from './i18n/text.ts'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root.')

await activate(storedLocale() ?? visitorLocale(navigator.languages))
createRoot(root).render(<App />)
