import type { Finding, Step } from './step.ts'
import { lastLineOf, noTally, sumOf, type Tally } from './tally.ts'

type Print = (line: string) => void

/** Why a step broke is shown like any other fault. */
async function findingOf({ run }: Step): Promise<Finding> {
  try {
    return await run()
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { tally: { ...noTally, failed: 1 }, faults: [text] }
  }
}

const indented = (text: string) => text.replace(/^/gm, '    ')

const markOf = ({ failed, passed }: Tally) => {
  if (failed > 0) return 'FAIL'
  return passed > 0 ? 'ok  ' : 'skip'
}

/**
 * Runs the steps one after the other; a failed step does not hide the next. The last line is the
 * sum.
 */
export async function runSteps(steps: readonly Step[], print: Print): Promise<Tally> {
  const tallies: Tally[] = []
  for (const step of steps) {
    const startedAt = performance.now()
    const { tally, faults, notes = [] } = await findingOf(step)
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
    print(`${markOf(tally)} ${step.name.padEnd(18)} ${seconds.padStart(6)} s`)
    for (const line of [...notes, ...faults]) print(indented(line))
    tallies.push(tally)
  }
  const sum = sumOf(tallies)
  print(lastLineOf(sum))
  return sum
}

/**
 * The steps whose names begin with one of the words; all of them without words. Throws for a word
 * that fits none.
 */
export function chosenSteps(steps: readonly Step[], words: readonly string[]): Step[] {
  const fits = (step: Step, word: string) => step.name.startsWith(word.toLowerCase())
  const unknown = words.find((word) => !steps.some((step) => fits(step, word)))
  if (unknown) {
    const names = steps.map(({ name }) => name).join(', ')
    throw new Error(`There is no step "${unknown}". The steps are: ${names}.`)
  }
  if (words.length === 0) return [...steps]
  return steps.filter((step) => words.some((word) => fits(step, word)))
}
