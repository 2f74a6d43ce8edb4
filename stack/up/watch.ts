import { watch } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dir, '..', '..')
/** `web` is not here: its build watches itself, and open pages reload without the server starting anew. */
const folders = ['gateway', 'kit', 'schema', 'stack', 'subgraphs']
const settleMs = 150

const startChild = () =>
  Bun.spawn([process.execPath, join(root, 'stack/up.ts'), '--watch', '--child'], {
    stdio: ['inherit', 'inherit', 'inherit'],
  })

/** Runs the system in a child and starts it anew when a source file changes. Ends with the child's last word. */
export function superviseReloads(): Promise<never> {
  let child = startChild()
  let restarting: ReturnType<typeof setTimeout> | null = null
  const restart = async () => {
    restarting = null
    child.kill('SIGTERM')
    await child.exited
    console.log('\nSomething changed; starting anew.\n')
    child = startChild()
  }
  for (const folder of folders) {
    watch(join(root, folder), { recursive: true }, (_, file) => {
      if (!file || !/\.(ts|sql|graphql|json)$/.test(file) || /test/.test(file)) return
      if (restarting) clearTimeout(restarting)
      restarting = setTimeout(restart, settleMs)
    })
  }
  const end = async () => {
    child.kill('SIGTERM')
    process.exit(await child.exited)
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  return new Promise(() => {})
}
