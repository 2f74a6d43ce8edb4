import { Database } from 'bun:sqlite'

/**
 * Runs `work` while no other process holds the lock on `path`. The operating system frees it when a
 * process dies: SQLite's exclusive transaction is used for nothing but its file lock. Throws after
 * two minutes of waiting.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const file = new Database(path, { create: true })
  const deadline = Date.now() + 120_000
  try {
    while (!tryLock(file)) {
      if (Date.now() > deadline) throw new Error(`${path} has been locked for two minutes.`)
      await Bun.sleep(50)
    }
    return await work()
  } finally {
    file.close()
  }
}

function tryLock(file: Database): boolean {
  try {
    file.run('begin exclusive')
    return true
  } catch (error) {
    if (error instanceof Error && error.message.includes('locked')) return false
    throw error
  }
}
