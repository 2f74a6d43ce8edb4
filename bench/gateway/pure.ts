/**
 * The engine alone, with no port and its subgraphs in this process, which answer from memory: prints
 * the CPU milliseconds of one small operation, from its text to the text of its answer.
 */
import { variantOf } from '../../gateway/engine/engine.ts'
import { exchangeOf } from '../../gateway/exchange.ts'
import { engineFrom, isEngine } from './engines.ts'
import { documentOf } from './operations.ts'

const [file = '', name = ''] = process.argv.slice(2)
if (!isEngine(name)) throw new Error(`There is no engine "${name}".`)
const sdl = await Bun.file(file).text()
const engine = engineFrom({ name, sdl, isLocal: true, sharing: false })
const info = { requestId: 'request-1', clientAddress: '127.0.0.1' }
const request = new Request('http://127.0.0.1/graphql')
const exchange = exchangeOf(request, info, request.signal)
const nobody = variantOf(null)
const document = documentOf('one fetch')

async function runs(count: number): Promise<number> {
  const before = process.cpuUsage()
  for (let run = 0; run < count; run += 1) {
    const prepared = await engine.prepare(document, null, nobody)
    JSON.stringify(await prepared.execute({ variables: {}, exchange }))
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000 / count
}

await runs(20_000)
const rounds: number[] = []
for (let round = 0; round < 5; round += 1) rounds.push(await runs(5_000))
console.log(Math.min(...rounds))
process.exit(0)
