import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../../../../stack/ports.ts'
import { startProxy } from './proxy.ts'

const root = join(import.meta.dir, '../../../..')

type GatewayOptions = {
  readonly supergraphFile: string
  readonly subgraphs: Readonly<Record<string, string>>
  readonly streamKey: string
}

/** One gateway in a process of its own, which is killed and started again on its port. */
export async function startGateway({ supergraphFile, subgraphs, streamKey }: GatewayOptions) {
  const port = await freePort()
  const urls = Object.entries(subgraphs).map(([name, url]) => `--subgraph=${name}=${url}`)
  const args = ['gateway/standalone/main.ts', '--supergraph', supergraphFile, ...urls]
  const begin = () =>
    Bun.spawn([process.execPath, ...args, '--port', String(port)], {
      cwd: root,
      env: {
        PATH: process.env.PATH ?? '',
        // Bun sends no more than 256 requests at once otherwise, and a line to a subgraph is one.
        BUN_CONFIG_MAX_HTTP_REQUESTS: '8192',
        ...{ STREAM_KEY: streamKey, STREAMS_PER_CALLER_MAX: '100000', LOG_LEVEL: 'silent' },
        ...{ SUPERGRAPH_POLL_MS: '50', HEARTBEAT_MS: '2000', SUBGRAPH_CONCURRENCY_MAX: '1000' },
      },
      stdout: 'ignore',
      stderr: 'inherit',
    })
  const proxy = await startProxy(() => port)
  let child = begin()
  let peakKb = 0
  const measure = async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
    const kb = Number(/VmRSS:\s*(\d+)/.exec(status)?.[1] ?? 0)
    peakKb = Math.max(peakKb, kb)
    return kb
  }
  const ready = async () => {
    const until = Date.now() + 30_000
    while (Date.now() < until) {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null)
      if (answer?.ok) return
      await Bun.sleep(25)
    }
    throw new Error('The gateway did not start.')
  }
  await ready()
  return {
    origin: proxy.origin,
    cut: proxy.cut,
    rssMb: async () => Math.round((await measure()) / 1024),
    peakMb: () => Math.round(peakKb / 1024),
    /** As the kernel does it: nothing is said to anybody. */
    kill: async () => {
      await measure()
      child.kill('SIGKILL')
      await child.exited
      child = begin()
      await ready()
    },
    stop: async () => {
      proxy.stop()
      child.kill('SIGKILL')
      await child.exited
    },
  }
}

/** As a configuration is rolled out: the file is whole at any moment. */
export async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.next`, text)
  await rename(`${file}.next`, file)
}
