import { StartError } from './start-error.ts'

type Run = {
  readonly env?: Record<string, string>
  readonly cwd?: string
  /** What it reads; nothing without. */
  readonly input?: string
}

/** How a program ended, and what it printed. */
export async function ended(command: readonly string[], { env, cwd, input }: Run = {}) {
  const child = Bun.spawn([...command], {
    ...(cwd && { cwd }),
    env: { ...process.env, ...env },
    stdio: [input === undefined ? 'ignore' : Buffer.from(input), 'pipe', 'pipe'],
  })
  const [out, said] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { code: await child.exited, out, said }
}

/** What it printed. Throws StartError with the last of it when it ends badly. */
export async function program(command: readonly string[], run: Run = {}): Promise<string> {
  const { code, out, said } = await ended(command, run)
  if (code === 0) return `${out}${said}`
  const last = `${out}\n${said}`.trim().split('\n').slice(-5).join('\n')
  throw new StartError(`${command[0]} failed:\n${last}`)
}
