import { join } from 'node:path'
import { subgraphs } from '#schema/subgraphs'
import type { Environment } from '../environment.ts'
import { freePort } from '../ports.ts'
import { testDatabase } from './database.ts'
import { peopleOf, testEnvironments, until } from './system.ts'

const root = join(import.meta.dir, '../..')

type Program = { readonly main: string; readonly env: Environment; readonly readyUrl: string }

/** Resolves when the program answers. Throws when it ended before. */
async function start({ main, env, readyUrl }: Program): Promise<Bun.Subprocess> {
  const child = Bun.spawn([process.execPath, join(root, main)], {
    ...{ cwd: root, env: { ...env, LOG_LEVEL: 'warn' } },
    ...{ stdout: 'ignore', stderr: 'inherit' },
  })
  const answers = async () => (await fetch(readyUrl).catch(() => null))?.ok ?? false
  await until(async () => child.exitCode !== null || (await answers()), 30_000)
  if (child.exitCode !== null) throw new Error(`${main} ended with ${child.exitCode}.`)
  return child
}

/**
 * The system as it is deployed: every service in a process of its own, started by its main.ts.
 * Nothing is in it but the first administrator.
 */
export async function testProcesses() {
  const db = await testDatabase()
  const { environments, ports } = await testEnvironments(db)
  const origin = `http://localhost:${ports.gateway}`
  const programs = new Map<string, Program>()
  const children = new Map<string, Bun.Subprocess>()
  for (const { name } of subgraphs) {
    const port = String(await freePort())
    programs.set(name, {
      main: `subgraphs/${name}/main.ts`,
      env: { ...environments[name], PORT: port, METRICS_PORT: '0' },
      readyUrl: `http://127.0.0.1:${port}/readyz`,
    })
  }
  const urls = [...programs].map(
    ([name, { env }]) => `${name}=http://127.0.0.1:${env.PORT}/graphql`,
  )
  programs.set('gateway', {
    main: 'gateway/main.ts',
    env: { ...environments.gateway, GATEWAY_METRICS_PORT: '0', SUBGRAPH_URLS: urls.join(',') },
    readyUrl: `${origin}/readyz`,
  })
  const startOne = async (name: string) => {
    const program = programs.get(name)
    if (!program) throw new Error(`There is no service ${name}.`)
    children.set(name, await start(program))
  }
  for (const name of programs.keys()) await startOne(name)
  return {
    ...{ origin, start: startOne, pid: (name: string) => children.get(name)?.pid ?? 0 },
    /** Of every service: where it itself listens. */
    origins: new Map([...programs].map(([name, { readyUrl }]) => [name, new URL(readyUrl).origin])),
    ...peopleOf(origin),
    /** As the machine would when memory is short. */
    kill: async (name: string) => {
      children.get(name)?.kill('SIGKILL')
      await children.get(name)?.exited
    },
    stop: async () => {
      for (const child of [...children.values()].reverse()) {
        child.kill('SIGTERM')
        await child.exited
      }
      await db.drop()
    },
  }
}
