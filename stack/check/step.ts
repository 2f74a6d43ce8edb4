import { noTally, type Tally } from './tally.ts'

/** What one step found. A fault fails the check; a note is shown either way. */
export type Finding = {
  readonly tally: Tally
  readonly faults: readonly string[]
  readonly notes?: readonly string[]
}

export type Step = { readonly name: string; readonly run: () => Promise<Finding> }

/** A step that is one check: it passes without faults. */
export const verdict = (faults: readonly string[], notes: readonly string[] = []): Finding => ({
  tally: { ...noTally, [faults.length === 0 ? 'passed' : 'failed']: 1 },
  faults,
  notes,
})

/**
 * A program that hangs is a failure like any other, well before the patience of continuous
 * integration ends.
 */
const patienceMs = 25 * 60_000

type CommandOptions = {
  readonly root: string
  readonly env?: Record<string, string>
}

/**
 * Runs a program of node_modules with our own Bun, so that a machine without Node can check as
 * well.
 */
export async function runBun(args: readonly string[], { root, env }: CommandOptions) {
  const child = Bun.spawn([process.execPath, ...args], {
    cwd: root,
    env: { ...process.env, BUN_BE_BUN: '1', NO_COLOR: '1', ...env },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: patienceMs,
  })
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { output: `${stdout}${stderr}`.trim(), exitCode }
}

/** A step that is one program: what it printed is shown when it fails. */
export async function commandStep(args: readonly string[], options: CommandOptions) {
  const { output, exitCode } = await runBun(args, options)
  return verdict(exitCode === 0 ? [] : [output || `${args.join(' ')} ended with ${exitCode}`])
}
