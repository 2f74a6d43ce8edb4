import type { Locale } from '../i18n/locale.ts'

const english = {
  title: 'Graph explorer',
  back: 'Back to Plexus',
  signedInAs: 'Signed in as {name}',
  language: 'Language',
  theme: 'Theme',
  system: 'System',
  light: 'Light',
  dark: 'Dark',
  skip: 'Skip to the explorer',
  loading: 'Loading the explorer…',
  failed: 'The explorer could not be loaded.',
  retry: 'Reload the page',
}

export type TextId = keyof typeof english

const french: Record<TextId, string> = {
  title: 'Explorateur du graphe',
  back: 'Retour à Plexus',
  signedInAs: 'Connecté : {name}',
  language: 'Langue',
  theme: 'Thème',
  system: 'Système',
  light: 'Clair',
  dark: 'Sombre',
  skip: 'Aller à l’explorateur',
  loading: 'Chargement de l’explorateur…',
  failed: 'L’explorateur n’a pas pu être chargé.',
  retry: 'Recharger la page',
}

/** The page's own few texts; the client's catalog is a hundred times as large. */
export const texts: Record<Locale, Record<TextId, string>> = { fr: french, en: english }
