import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** The letters in a folder of mails, in the order in which they were made; one that is still being written is none yet. */
export async function lettersIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  const whole = names.filter((name) => name.endsWith('.eml')).sort()
  return Promise.all(whole.map((name) => Bun.file(join(folder, name)).text()))
}
