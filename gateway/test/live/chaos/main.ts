/** `bun main.ts '{"streams":100,…}'`: prints the report as JSON. */
import { runChaos } from './run.ts'

const defaults = {
  ...{ streams: 100, swaps: 10, kills: 4, cuts: 4 },
  ...{ pauseMs: 400, everyMs: 200, twin: false },
}
const report = await runChaos({ ...defaults, ...JSON.parse(process.argv[2] ?? '{}') })
console.log(JSON.stringify(report))
process.exit(0)
