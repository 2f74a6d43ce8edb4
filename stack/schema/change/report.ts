import type { Break, Caller } from './verdict.ts'

const callsOf = ({ client, calls }: Caller) =>
  calls === null ? client : `${client}, ${calls} ${calls === 1 ? 'call' : 'calls'} in 30 days`

/** One line a break, and below it one line for each operation that it breaks. */
export const linesOf = (found: Break): string[] => [
  `${found.contract}: ${found.message}${found.allowed ? ` (may go: ${found.allowed})` : ''}`,
  ...found.operations.map(
    ({ name, callers }) => `    breaks ${name} (${callers.map(callsOf).join('; ')})`,
  ),
]

export const remedy =
  'Add instead of change, deprecate with a date ("Removed after 2027-01-31: use x"), and wait until nobody calls it.\n' +
  'What has to break all the same is published by: bun run schema publish --breaking'
