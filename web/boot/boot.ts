/** Runs before the first paint, from its own file: the page's policy allows no inline script. */
import { storedLocale, visitorLocale } from '../i18n/locale.ts'
import { applyTheme, storedTheme } from '../shell/theme.ts'

applyTheme(storedTheme())
document.documentElement.lang = storedLocale() ?? visitorLocale(navigator.languages)
