import { join } from 'node:path'
import { measure, type Scene } from './load.ts'
import { tableOf } from './table.ts'

const root = join(import.meta.dir, '..')

async function startServer() {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'server.ts')], {
    cwd: root,
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const decoder = new TextDecoder()
  let said = ''
  for await (const chunk of child.stdout) {
    said += decoder.decode(chunk)
    if (said.includes('\n')) break
  }
  const { origin, pid }: { origin: string; pid: number } = JSON.parse(said.split('\n')[0] ?? '')
  return { child, origin, pid }
}

type Registered = { name: string; hash: string }

async function scenesOf(origin: string): Promise<Scene[]> {
  const operations: Registered[] = await Bun.file(join(root, 'schema/operations.json')).json()
  const graph = (name: string, variables: object) => {
    const hash = operations.find((operation) => operation.name === name)?.hash
    const body = JSON.stringify({ documentId: `sha256:${hash}`, variables })
    const headers = { 'content-type': 'application/json', accept: 'application/json' }
    return () => fetch(`${origin}/graphql`, { method: 'POST', headers, body })
  }
  return [
    { name: 'a small file (/config.json)', send: () => fetch(`${origin}/config.json`) },
    { name: 'coaches: two subgraphs, six coaches', send: graph('Coaches', { first: 6 }) },
    {
      name: 'one coach with services: two subgraphs',
      send: graph('CoachPage', { slug: 'lea-martin', locale: 'fr' }),
    },
    { name: 'who is calling (anonymous)', send: () => fetch(`${origin}/auth/session`) },
  ]
}

/** What a request costs, as ratios to a small file that is served in the same run. */
export async function requests(): Promise<string> {
  const { child, origin, pid } = await startServer()
  try {
    const rows = []
    for (const scene of await scenesOf(origin)) rows.push(await measure(pid, scene))
    const base = rows[0]?.cpuMs ?? 1
    return tableOf(
      ['request', 'CPU ms', 'ratio', 'p50 ms', 'p99 ms', 'failed'],
      rows.map(({ name, cpuMs, p50Ms, p99Ms, failed }) => [
        ...[name, cpuMs, cpuMs / base, p50Ms, p99Ms],
        String(failed),
      ]),
    )
  } finally {
    child.kill('SIGTERM')
    await child.exited
  }
}
