import { Database } from 'bun:sqlite'
import { StartError } from './start-error.ts'

export type FileLock = { release(): void }

/**
 * The lock on `path`, or null when it is held already. The operating system frees it when a process
 * dies: SQLite's exclusive transaction is used for nothing but its file lock.
 */
export function tryFileLock(path: string): FileLock | null {
  const file = new Database(path, { create: true })
  if (locks(file)) return { release: () => file.close() }
  file.close()
  return null
}

/** Runs `work` while no other process holds the lock on `path`. Throws StartError after two minutes, or as many as are given. */
export async function withFileLock<T>(
  path: string,
  work: () => Promise<T>,
  minutes = 2,
): Promise<T> {
  const deadline = Date.now() + minutes * 60_000
  let lock = tryFileLock(path)
  while (!lock) {
    if (Date.now() > deadline)
      throw new StartError(`${path} has been locked for ${minutes} minutes.`)
    await Bun.sleep(50)
    lock = tryFileLock(path)
  }
  try {
    return await work()
  } finally {
    lock.release()
  }
}

function locks(file: Database): boolean {
  try {
    file.run('begin exclusive')
    return true
  } catch (error) {
    if (error instanceof Error && error.message.includes('locked')) return false
    throw error
  }
}
