import { appendFile, writeFile } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { parseConfig } from '#kit/config'
import { nodeLacks } from './enclosure.ts'
import type { Place } from './place.ts'

const Env = z.object({ PLEXUS_CLUSTER: z.string().default('') })

const { PLEXUS_CLUSTER } = parseConfig(Env, process.env)

/** The cluster that this process stands beside. */
export const here: Place = { folder: PLEXUS_CLUSTER }

/** Why a suite cannot run, or null when it can. */
export const clusterMissing = (): string | null =>
  nodeLacks() ?? (PLEXUS_CLUSTER ? null : 'no cluster: bun deploy/cluster.ts bun test …')

const figuresFile = join(import.meta.dir, '../reports/cluster-figures.md')

/** Before the first figure of a run: those of an earlier one are gone. */
export async function beginFigures(now: Date): Promise<void> {
  const when = now.toISOString().slice(0, 16).replace('T', ' ')
  const machine = `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`
  const head = `# Figures of the real node\n\n${when} UTC, ${machine}, shared with other work.\n\n`
  await writeFile(figuresFile, `${head}| measured | figure |\n|---|---|\n`)
}

/** What was measured is printed, and stands in the report. */
export async function figure(name: string, value: string | number): Promise<void> {
  console.log(`figure: ${name}: ${value}`)
  await appendFile(figuresFile, `| ${name} | ${String(value).replaceAll('|', '/')} |\n`)
}
