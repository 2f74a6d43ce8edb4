/** Languages a coach may offer and a visitor may filter by; `languageName` says them in the reader's own. */
export const coachLanguages = ['fr', 'en', 'es', 'de', 'it', 'pt', 'ar']
