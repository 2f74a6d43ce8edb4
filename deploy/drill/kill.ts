import { readdirSync, readFileSync } from 'node:fs'
import type { Program } from './place.ts'

/** Command lines of the processes of a group. */
function commandsOf(group: number): string[] {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return numbers.flatMap((pid) => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      const isIn = Number(fields[2]) === group
      return isIn ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')] : []
    } catch {
      // It ended meanwhile.
      return []
    }
  })
}

/** Kills a program with all that it started, without a word, as soon as `amid` runs in it. */
export async function killAmid(program: Program, amid: RegExp | string, afterMs = 300) {
  const deadline = Date.now() + 60_000
  const pattern = new RegExp(amid)
  while (!commandsOf(program.pid).some((command) => pattern.test(command))) {
    if (program.exitCode !== null) throw new Error('It ended before it could be killed.')
    if (Date.now() > deadline) throw new Error(`${pattern} did not run in it.`)
    await Bun.sleep(10)
  }
  await Bun.sleep(afterMs)
  if (program.exitCode !== null) throw new Error('It ended before it could be killed.')
  process.kill(-program.pid, 'SIGKILL')
  await program.exited
}
