import type { Figure } from './figures.ts'

const rowOf = ({ drill, name, value, unit, limit }: Figure) =>
  `| ${drill} | ${name} | ${value.toLocaleString('en')} ${unit} | ${limit ? `${limit.toLocaleString('en')} ${unit}` : ''} |`

/** What was measured, and the limit that the tests held it to. */
export const figuresTable = (figures: readonly Figure[]): string =>
  [
    '## Measured',
    '',
    '| drill | what | measured | limit |',
    '|---|---|---|---|',
    ...figures.map(rowOf),
    '',
  ].join('\n')
