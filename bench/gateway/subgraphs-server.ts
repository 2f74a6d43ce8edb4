/** All subgraphs in one process: `/plain/accounts` and so on. It says its origin when it is up. */
import { namings } from './naming.ts'
import { type Subgraph, subgraphsOf } from './subgraphs.ts'

const byPath = new Map<string, Subgraph>(
  namings.flatMap((naming) =>
    [...subgraphsOf(naming)].map(
      ([name, subgraph]) => [`/${naming.name}/${name}`, subgraph] as const,
    ),
  ),
)
let asked = 0

const headers = { 'content-type': 'application/json' }
const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  idleTimeout: 0,
  async fetch(request) {
    const path = request.url.slice(request.url.indexOf('/', 8))
    if (path === '/asked') return new Response(String(asked))
    asked += 1
    const subgraph = byPath.get(path)
    if (!subgraph) return new Response(null, { status: 404 })
    return new Response(await subgraph(await request.text()), { headers })
  },
})
console.log(`http://127.0.0.1:${server.port}`)
