import { watch } from 'node:fs'
import { join } from 'node:path'
import { oneAtATime } from './one-at-a-time.ts'

const root = join(import.meta.dir, '..', '..')
/** `web` is not here: its build watches itself, and open pages reload without the server starting anew. */
const folders = ['gateway', 'kit', 'schema', 'stack', 'subgraphs']
const settleMs = 150

const startChild = () =>
  Bun.spawn([process.execPath, join(root, 'stack/up.ts'), '--watch', '--child'], {
    stdio: ['inherit', 'inherit', 'inherit'],
  })

/** What the system is made of; tests are not. */
export const isSource = (file: string): boolean =>
  /\.(ts|sql|graphql|json)$/.test(file) && !/(^|\/)test\/|\.test\.ts$/.test(file)

/**
 * Runs the system in a child and starts it anew when a source file changes. Ends with the child's
 * last word; also when the first child ends by itself, for then nothing ever was up.
 */
export function superviseReloads(): Promise<never> {
  let child = startChild()
  let isFirst = true
  let isEnding = false
  const restart = oneAtATime(async () => {
    isFirst = false
    child.kill('SIGTERM')
    await child.exited
    if (isEnding) return
    console.log('\nSomething changed; starting anew.\n')
    child = startChild()
  })
  let settling: ReturnType<typeof setTimeout> | null = null
  for (const folder of folders) {
    watch(join(root, folder), { recursive: true }, (_, file) => {
      if (!file || !isSource(file)) return
      if (settling) clearTimeout(settling)
      settling = setTimeout(restart, settleMs)
    })
  }
  void child.exited.then((code) => {
    if (isFirst) process.exit(code)
  })
  const end = async () => {
    isEnding = true
    child.kill('SIGTERM')
    process.exit(await child.exited)
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  return new Promise(() => {})
}
