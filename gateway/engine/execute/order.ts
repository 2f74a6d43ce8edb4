import type { Step } from '../compile/index.ts'

/** Runs each step as soon as those that it waits for are done. */
export function inOrder(steps: readonly Step[], run: (step: Step) => Promise<void>): Promise<void> {
  const [only, ...others] = steps
  if (!only) return Promise.resolve()
  if (others.length === 0) return run(only)
  const waits = steps.map((step) => step.waits)
  let open = steps.length
  return new Promise((resolve, reject) => {
    const start = (step: Step) => run(step).then(() => ended(step), reject)
    const ended = ({ next }: Step) => {
      open -= 1
      if (open === 0) return resolve()
      for (const index of next) {
        const left = (waits[index] ?? 0) - 1
        waits[index] = left
        const step = steps[index]
        if (left === 0 && step) start(step)
      }
    }
    for (const step of steps) if (step.waits === 0) start(step)
  })
}
