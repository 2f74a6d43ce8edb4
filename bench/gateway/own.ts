/**
 * The engine that ENGINE names behind nothing but a port: what an operation costs without the stages
 * around it. Its subgraphs are across the network, or in this process (WAY=local).
 */
import { variantOf } from '../../gateway/engine/engine.ts'
import { exchangeOf } from '../../gateway/exchange.ts'
import { engineFrom, isEngine } from './engines.ts'

const [file = '', port] = process.argv.slice(2)
const { WAY: way, ENGINE: name = '', SHARING: sharing } = process.env
if (!isEngine(name)) throw new Error(`There is no engine "${name}".`)
const engine = engineFrom({
  ...{ name, sdl: await Bun.file(file).text() },
  ...{ isLocal: way === 'local', sharing: sharing === 'subgraph' },
})
const info = { requestId: 'request-1', clientAddress: '127.0.0.1' }
const nobody = variantOf(null)
const headers = { 'content-type': 'application/json' }

Bun.serve({
  hostname: '127.0.0.1',
  port: Number(port),
  idleTimeout: 0,
  async fetch(request) {
    const { query, variables = {} } = JSON.parse(await request.text())
    const prepared = await engine.prepare(query, null, nobody)
    const exchange = exchangeOf(request, info, request.signal)
    const result = await prepared.execute({ variables, exchange })
    return new Response(JSON.stringify(result), { headers })
  },
})
