import { z } from 'zod'
import type { Sql } from './postgres.ts'

/**
 * The text of an SQL expression as a LIKE pattern that finds it as it stands. Escaped by the server,
 * after whatever the expression does: `unaccent` makes `%` of a full-width sign.
 */
export const literalPattern = (sql: Sql, text: ReturnType<Sql>) =>
  sql`regexp_replace(${text}, '[\\\\%_]', '\\\\\\&', 'g')`

/** What an argument that is looked for may be; the refusal names the argument and the limit. */
export const soughtText = (name: string) =>
  z.string().max(100, `\`${name}\` has at most 100 characters.`)
