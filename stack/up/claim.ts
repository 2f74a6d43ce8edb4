import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tryFileLock, withFileLock } from '../file-lock.ts'
import { StartError } from '../start-error.ts'

/**
 * Holds the data folder for one `up`, named by its process, until `stop` or its death. Throws
 * StartError, having touched nothing, when another holds it.
 */
export async function claimData(dataDir: string, pid: number): Promise<{ stop(): Promise<void> }> {
  const lock = tryFileLock(join(dataDir, 'up.lock'))
  const nameFile = join(dataDir, 'up.pid')
  if (!lock) throw new StartError(alreadyUp(await holderIn(nameFile)))
  writeFileSync(nameFile, `${pid}\n`)
  return {
    stop: async () => {
      rmSync(nameFile, { force: true })
      lock.release()
    },
  }
}

/** Secrets, server and migrations are made by one process at a time; the others wait. */
export const whilePreparing = <T>(dataDir: string, work: () => Promise<T>): Promise<T> =>
  withFileLock(join(dataDir, 'prepare.lock'), work)

const alreadyUp = (pid: number | null) =>
  `Plexus is already up here${pid ? ` (process ${pid})` : ''}; stop it first, or set PLEXUS_DATA to another folder.`

/** Null when the holder has not written its name within a second. */
async function holderIn(nameFile: string): Promise<number | null> {
  const deadline = Date.now() + 1_000
  while (Date.now() < deadline) {
    const pid = pidIn(nameFile)
    if (pid) return pid
    await Bun.sleep(50)
  }
  return null
}

/** Null as long as the file names no living process: a killed start leaves its own behind. */
function pidIn(nameFile: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(nameFile, 'utf8'), 10)
    process.kill(pid, 0)
    return pid
  } catch {
    return null
  }
}
