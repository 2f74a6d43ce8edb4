import { type FSWatcher, watch } from 'node:fs'
import { readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { Log } from '#kit/log'

export type WatchedFile = {
  /** Looks at once, and offers what is there although nobody sees a change. */
  look(): Promise<void>
  stop(): void
}

type Options = {
  readonly file: string
  /** How often to look; a change that the file system tells of is seen sooner. */
  readonly pollMs: number
  /** Takes the text whenever the file may have changed; it may be the same as before. */
  readonly offer: (text: string) => Promise<unknown>
  readonly log: Pick<Log, 'warn'>
}

/**
 * Watches a file through every link on its way: Kubernetes swaps a folder that the file's folder is
 * a link into, by which neither the file nor its folder changes. Source: Kubernetes, ConfigMap,
 * "Mounted ConfigMaps are updated automatically".
 */
export function watchFile({ file, pollMs, offer, log }: Options): WatchedFile {
  let seen: string | null = null
  let isMissing = false
  let looking: Promise<void> | null = null
  const look = async (isForced: boolean) => {
    try {
      const state = await stateOf(file)
      isMissing = false
      if (state === seen && !isForced) return
      // Before it is read: what is written meanwhile is seen the next time.
      seen = state
      await offer(await readFile(file, 'utf8'))
    } catch (error) {
      if (!isMissing) log.warn(`${file} cannot be read; what it said last holds`, error)
      isMissing = true
    }
  }
  const lookOnce = (isForced: boolean) => {
    looking ??= look(isForced).finally(() => {
      looking = null
    })
    return looking
  }
  const timer = setInterval(() => void lookOnce(false), pollMs)
  // What runs on for something else decides how long the process lives.
  timer.unref()
  const hint = hintOf(file, () => void lookOnce(false))
  return {
    look: async () => {
      await looking
      await lookOnce(true)
    },
    stop: () => {
      clearInterval(timer)
      hint?.close()
    },
  }
}

/** Changes with the file that a path leads to, and with its content. */
async function stateOf(file: string): Promise<string> {
  const path = await realpath(file)
  const { ino, size, mtimeMs, ctimeMs } = await stat(path)
  return [path, ino, size, mtimeMs, ctimeMs].join(' ')
}

/** Null where the file system tells nothing: looking now and then is enough. */
function hintOf(file: string, changed: () => void): FSWatcher | null {
  try {
    const names = new Set([basename(file), '..data'])
    const watcher = watch(dirname(file), { persistent: false }, (_event, name) => {
      if (name === null || names.has(name)) changed()
    })
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    return null
  }
}
