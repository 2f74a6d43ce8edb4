import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The number of the newest migration in a folder of this checkout. Import it `with { type: 'macro'
 * }`: what is built then says which schema it needs, without the files.
 */
export const newestMigration = (folder: string): number =>
  Math.max(
    0,
    ...readdirSync(join(import.meta.dir, '..', folder))
      .filter((name) => /^\d{4}_.*(?<!\.down)\.sql$/.test(name))
      .map((name) => Number(name.slice(0, 4))),
  )
