import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const debian = '/usr/lib/postgresql'

/** Where the newest PostgreSQL of this machine has its programs; null when there is none. */
export function postgresPrograms(): { readonly folder: string; readonly major: number } | null {
  const majors = existsSync(debian) ? readdirSync(debian).map(Number) : []
  const [major] = majors
    .filter((found) => existsSync(join(debian, String(found), 'bin/pg_ctl')))
    .sort((a, b) => b - a)
  return major ? { major, folder: join(debian, String(major), 'bin') } : null
}

/** Why a drill cannot run here; null when it can. */
export function missingPrograms(names: readonly string[]): string | null {
  const absent = names.filter((name) => !Bun.which(name))
  return absent.length > 0 ? `${absent.join(', ')} not installed` : null
}
