import { existsSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { at, type Place } from './place.ts'

/** A program that runs until it is stopped; what it says is in `<name>.log`. */
export type Daemon = {
  readonly name: string
  readonly pid: number
  stop(signal?: NodeJS.Signals): Promise<void>
  /** Throws with the end of its log when it has ended by itself. */
  check(): Promise<void>
}

export const logOf = (place: Place, name: string): string => at(place, `${name}.log`)

export async function logTail(place: Place, name: string, lines = 8): Promise<string> {
  const file = logOf(place, name)
  if (!existsSync(file)) return ''
  return (await readFile(file, 'utf8')).trimEnd().split('\n').slice(-lines).join('\n')
}

type Start = {
  readonly place: Place
  readonly name: string
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** Starts it; `check` says whether it still runs. */
export async function startDaemon({ place, name, command, env }: Start): Promise<Daemon> {
  const log = await open(logOf(place, name), 'a')
  const child = Bun.spawn([...command], {
    cwd: place.folder,
    env: { PATH: process.env.PATH ?? '', HOME: place.folder, ...env },
    stdio: ['ignore', log.fd, log.fd],
    // A Ctrl-C reaches it through `stop` alone.
    detached: true,
  })
  await log.close()
  return {
    name,
    pid: child.pid,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal)
      await child.exited
    },
    check: async () => {
      if (child.exitCode === null && child.signalCode === null) return
      throw new Error(`${name} has ended:\n${await logTail(place, name)}`)
    },
  }
}
