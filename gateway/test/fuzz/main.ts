import { argv, exit } from 'node:process'
import { parseArgs } from 'node:util'
import { fuzz, type Tally } from './fuzz.ts'

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string' },
  },
})

const tally = await fuzz({
  runs: Number(values.runs),
  seed: Number(values.seed),
  ...(values.engine && { only: [values.engine] }),
  failed: (report) => console.error(`${report}\n`),
})
console.log(summaryOf(tally))
exit(tally.failures === 0 ? 0 : 1)

function summaryOf({ operations, failures, occurrences, answered, excused }: Tally): string {
  const lines = (counts: ReadonlyMap<string, number>) =>
    [...counts].map(([name, times]) => `${String(times).padStart(7)}  ${name}`)
  return [
    `${operations} operations, ${failures} supergraphs with a failure`,
    ...['', 'occurrences', ...lines(occurrences)],
    ...['', 'answers compared', ...lines(answered)],
    ...['', 'not compared', ...lines(excused)],
  ].join('\n')
}
