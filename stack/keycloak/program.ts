import { StartError } from '../start-error.ts'

type Run = { readonly env?: Record<string, string>; readonly cwd?: string }

/** What it printed. Throws StartError with the last of it when it ends badly. */
export async function program(command: readonly string[], { env, cwd }: Run = {}): Promise<string> {
  const child = Bun.spawn([...command], {
    ...(cwd && { cwd }),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, said] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  if ((await child.exited) === 0) return `${out}${said}`
  const last = `${out}\n${said}`.trim().split('\n').slice(-5).join('\n')
  throw new StartError(`${command[0]} failed:\n${last}`)
}
