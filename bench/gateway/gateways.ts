import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectedOf } from './expected.ts'
import { generatorFor, type Question, questionOf } from './generator.ts'
import { supergraphOf } from './graph.ts'
import type { Running } from './measure.ts'
import { type Naming, namings } from './naming.ts'
import { documentOf, type OperationName } from './operations.ts'
import { type Child, freePort, requireAlone, rssMbOf, startOn } from './place.ts'
import { type RowName, rows, type Sharing } from './rows.ts'

/** Subgraphs that run, and what they compose to. */
export type Ground = {
  readonly fileOf: (naming: Naming) => string
  /** Requests that the subgraphs have had so far. */
  asked(): Promise<number>
  stop(): Promise<void>
}

export async function startGround(): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-gateway-'))
  const child = startOn({ core: 'others' }, [
    process.execPath,
    join(import.meta.dir, 'subgraphs-server.ts'),
  ])
  const { value: origin } = await child.lines.next()
  const fileOf = (naming: Naming) => join(folder, `${naming.name}.graphql`)
  for (const naming of namings)
    await writeFile(fileOf(naming), supergraphOf(naming, String(origin)))
  return {
    fileOf,
    asked: async () => Number(await (await fetch(`${origin}/asked`)).text()),
    stop: async () => {
      await child.stop()
      await rm(folder, { recursive: true })
    },
  }
}

export type Which = { readonly row: RowName; readonly sharing: Sharing; readonly naming: Naming }

export type Gateway = Running &
  Which & {
    readonly port: number
    /** From the start of its process to the first right answer. */
    readonly startMs: number
    /** A second after its first answer. */
    readonly idleMb: number
    /** What its clients ask, in its own names. */
    readonly questionOf: (name: OperationName) => Question
    stop(): Promise<void>
  }

const startMaxMs = 30_000

/** Starts a gateway and asks the small operation until it answers. Throws when it never does. */
export async function startGateway(ground: Ground, which: Which): Promise<Gateway> {
  const port = freePort()
  const { row, sharing, naming } = which
  const { command, ...place } = rows[row].command({
    ...{ port, sharing, supergraphFile: ground.fileOf(naming) },
  })
  const startedAt = performance.now()
  const child = startOn({ core: 'gateway', ...place }, command)
  drain(child)
  await untilAnswered(port, documentOf('one fetch', naming), startedAt)
  const startMs = performance.now() - startedAt
  await Bun.sleep(1_000)
  const idleMb = await rssMbOf(child.pid)
  await requireAlone(child.pid)
  const generator = generatorFor(port)
  const question = (name: OperationName) =>
    questionOf(documentOf(name, naming), expectedOf(name, naming))
  return {
    ...{ ...which, port, startMs, idleMb, pid: child.pid, generator, questionOf: question },
    stop: async () => {
      generator.close()
      await child.stop()
    },
  }
}

/** What it prints is of no interest, but a full pipe would halt it. */
const drain = async ({ lines }: Child) => {
  while (!(await lines.next()).done);
}

async function answerOf(port: number, document: string): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ query: document }),
  }).catch(() => null)
  return response?.ok ? response.json() : null
}

async function untilAnswered(port: number, document: string, startedAt: number): Promise<void> {
  while (performance.now() - startedAt < startMaxMs) {
    if (await answerOf(port, document)) return
    await Bun.sleep(5)
  }
  throw new Error(`Nothing answered on port ${port} within ${startMaxMs} ms.`)
}
