/** Runs before the first paint, from its own file: the page's policy allows no inline script. */
import { storedLocale, visitorLocale } from '../i18n/locale.ts'
import { applyTheme, storedTheme } from '../shell/theme.ts'

applyTheme(storedTheme())

const locale = storedLocale() ?? visitorLocale(navigator.languages)
document.documentElement.lang = locale

/** The texts are on their way while the code still is; their addresses stand on this script's own tag. */
const catalog = document.currentScript?.dataset[locale]
if (catalog) {
  const preload = document.createElement('link')
  Object.assign(preload, { rel: 'preload', as: 'fetch', href: catalog, crossOrigin: 'anonymous' })
  document.head.append(preload)
}
