export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const key = 'plexus.theme'

/** The visitor's choice; `system` when none is stored or storage is closed to us. */
export const storedTheme = (): Theme => {
  try {
    const stored = localStorage.getItem(key)
    return themes.find((theme) => theme === stored) ?? 'system'
  } catch {
    return 'system'
  }
}

export const applyTheme = (theme: Theme): void => {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

export const chooseTheme = (theme: Theme): void => {
  applyTheme(theme)
  try {
    localStorage.setItem(key, theme)
  } catch {
    // A browser without storage keeps the choice for this page only.
  }
}
