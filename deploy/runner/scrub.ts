import { homedir, hostname, tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dir, '../..')

/** What only this machine has, and what stands for it in a report; the longest first. */
const local = (): (readonly [string, string])[] => [
  [root, '.'],
  [homedir(), '~'],
  [tmpdir(), '$TMPDIR'],
]

/** A report without the paths and the name of the machine that wrote it. */
export const scrubbed = (text: string): string =>
  local()
    .reduce((rest, [path, name]) => rest.replaceAll(path, name), text)
    .replaceAll(/ hostname="[^"]*"/g, '')
    .replaceAll(new RegExp(`\\b${hostname().replaceAll(/[^\w-]/g, '.')}\\b`, 'g'), 'localhost')
