import type { Letter } from './letter.ts'

/** French sets a no-break space before a colon. */
const colon = { fr: '\u00a0:', en: ':' } as const

/** The letter for readers without HTML. */
export function textOf({ language, greeting, lead, rows, action, notes }: Letter): string {
  const facts = rows.map(({ label, value }) => `${label}${colon[language]} ${value}`)
  return [
    greeting,
    '',
    lead,
    '',
    ...facts,
    ...(facts.length > 0 ? [''] : []),
    action.label,
    action.url,
    '',
    ...notes,
    '',
    'Plexus',
    '',
  ].join('\n')
}
