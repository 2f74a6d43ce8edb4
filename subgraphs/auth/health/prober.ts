import type { Log } from '#kit/log'
import type { Metrics } from '#kit/metrics'
import { pause } from '#kit/pause'
import { database, type Pool, systemContext } from '#kit/postgres'
import { startWorker } from '#kit/worker'
import { probe, type Seen } from './probe.ts'
import { forgetSamples, keepSamples } from './queries.ts'
import { keptSince, type Sample, turnOf } from './rules.ts'
import type { ProbeSettings, Target } from './settings.ts'

const databaseTarget = 'database'
const settleMs = 15_000

/** While the database is away: a day of a few targets, or the days would look as if nothing had been. */
const unkeptMax = 5_000

export type Prober = {
  /** Every target, in the order in which they are shown. */
  readonly targets: readonly string[]
  readonly everyMs: number
  /** What this process saw last; null before it has looked. */
  latest(target: string): Sample | null
  /** Looks at every target once, and keeps what it saw where the database takes it. */
  look(): Promise<void>
  /** Looks again and again until it is stopped, first after a quarter of a minute. */
  start(): { stop(): Promise<void> }
}

type Options = {
  readonly sql: Pool
  readonly settings: ProbeSettings
  readonly metrics: Metrics
  readonly log: Log
  readonly now: () => Date
  /** What does not answer is asked once more after this long: nobody is woken by one lost packet. */
  readonly againMs?: number
}

/**
 * Our own prober. Every process that runs one looks for itself, so that each can tell the state while the database
 * cannot.
 */
export function createProber({ sql, settings, againMs = 3_000, ...options }: Options): Prober {
  const { metrics, log, now } = options
  const { targets, everyMs } = settings
  const names = [...targets.map(({ name }) => name), databaseTarget]
  const last = new Map<string, Sample>()
  let unkept: readonly Sample[] = []
  measure(metrics, last)
  const db = database(sql, systemContext)

  const seenTwice = async (target: Target) => {
    const seen = await probe(target)
    if (seen.ok) return seen
    await Bun.sleep(againMs)
    return probe(target)
  }

  async function look() {
    const at = turnOf(now(), everyMs)
    const looks = [
      ...targets.map(async (target) => [target.name, await seenTwice(target)] as const),
      databaseSeen(sql).then((seen) => [databaseTarget, seen] as const),
    ]
    const samples = (await Promise.all(looks)).map(([target, seen]) => ({ target, at, ...seen }))
    for (const sample of samples) last.set(sample.target, sample)
    unkept = [...unkept, ...samples].slice(-unkeptMax)
    await db.write(async (tx) => {
      await keepSamples(tx, unkept)
      await forgetSamples(tx, keptSince(at))
    })
    unkept = []
  }
  // What starts beside this process need not answer before it does.
  let isNew = true
  const work = async (stopping: AbortSignal) => {
    if (isNew) await pause(settleMs, stopping)
    isNew = false
    if (!stopping.aborted) await look()
    return false
  }
  const trouble = 'What was seen of the health of the platform cannot be kept'
  return {
    targets: names,
    everyMs,
    latest: (target) => last.get(target) ?? null,
    look,
    start: () => startWorker({ work, everyMs, log, trouble }),
  }
}

async function databaseSeen(sql: Pool): Promise<Seen> {
  const startedAt = performance.now()
  try {
    await sql`select 1`
    return { ok: true, latencyMs: performance.now() - startedAt, certificateEndsAt: null }
  } catch {
    return { ok: false, latencyMs: null, certificateEndsAt: null }
  }
}

function measure(metrics: Metrics, last: ReadonlyMap<string, Sample>) {
  metrics.gauges({
    name: 'probe_up',
    help: 'Whether a target answered when it was last looked at, by target.',
    label: 'target',
    read: () => [...last.values()].map(({ target, ok }) => [target, Number(ok)] as const),
  })
  metrics.gauges({
    name: 'probe_certificate_end_timestamp_seconds',
    help: 'When the certificate of a target ends, by target.',
    label: 'target',
    read: () =>
      [...last.values()].flatMap(({ target, certificateEndsAt }) =>
        certificateEndsAt ? [[target, certificateEndsAt.getTime() / 1_000] as const] : [],
      ),
  })
}
