import type { ExecutionResult } from 'graphql'
import { startDeadline } from '../deadline.ts'
import { type Reads, staleOf } from '../reads.ts'
import type { KeptObserver } from './observed.ts'
import { ageOf, type Entry, freshnessOf, type Mark } from './store.ts'
import { tagOfPerson, tagsOf } from './tags.ts'
import type { Tiers } from './tiers.ts'

/** An answer as it was kept, or as it was made just now. */
export type Given = {
  /** What it is kept under. */
  readonly key: string
  readonly outcome: 'hit' | 'stale' | 'miss'
  readonly result: ExecutionResult
  /** Null where it was not kept. */
  readonly entry: Entry | null
  /** Whole seconds since it was made. */
  readonly age: number
}

export type Question = {
  readonly key: string
  readonly reads: Reads
  readonly personId: string | null
  /** Makes the answer; the signal outlives whoever asked first. */
  readonly run: (signal: AbortSignal) => Promise<ExecutionResult>
  /** Of whoever asks. */
  readonly signal: AbortSignal
}

export type Keeping = {
  /** Rejects as `run` does, and with the reason of the signal. */
  ask(question: Question): Promise<Given>
  /** What has one of these tags is not given any more from now on. */
  drop(tags: readonly string[]): void
  clear(): void
}

type KeepingDeps = {
  readonly tiers: Tiers
  readonly observer: KeptObserver
  readonly followed: ReadonlySet<string>
  /** Where it is not known what is changed, nothing is kept. */
  readonly isDeaf: () => boolean
  readonly deadlineMs: number
  readonly nowMs: () => number
}

/**
 * Answers that are kept, each made once for everybody who waits for it. One that is stale is given
 * while a new one is made. Who asks after a drop gets nothing that began before.
 */
export function createKeeping(deps: KeepingDeps): Keeping {
  const { tiers, observer, nowMs } = deps
  const running = new Map<string, Promise<Given>>()
  const begin = (question: Question, mark: Mark): Promise<Given> => {
    const made = make(question, mark, deps)
    running.set(question.key, made)
    const end = () => {
      if (running.get(question.key) === made) running.delete(question.key)
    }
    made.then(end, end)
    return made
  }
  const told = (outcome: Given['outcome']) => observer.looked('answer', outcome)
  return {
    ask: async (question) => {
      const { key, signal } = question
      if (deps.isDeaf()) return make(question, null, deps)
      const found = tiers.find(key)
      const { entry, mark } = found instanceof Promise ? await found : found
      const isStale = entry && freshnessOf(entry, nowMs()) === 'stale'
      // Nobody waits for what begins here; whoever comes when it has failed tries again.
      if (isStale && !running.has(key)) begin(question, mark).catch(() => {})
      const outcome = isStale ? 'stale' : entry ? 'hit' : 'miss'
      told(outcome)
      if (entry) return { key, outcome, entry, result: resultOf(entry), age: ageOf(entry, nowMs()) }
      return whileHere(running.get(key) ?? begin(question, mark), signal)
    },
    drop: (tags) => {
      running.clear()
      observer.invalidated(tiers.drop(tags))
    },
    clear: () => {
      running.clear()
      tiers.clear()
    },
  }
}

/** Null for a mark keeps nothing. */
async function make(question: Question, mark: Mark | null, deps: KeepingDeps): Promise<Given> {
  const madeAt = deps.nowMs()
  const { signal, clear } = startDeadline(new AbortController().signal, deps.deadlineMs)
  const result = await question.run(signal).finally(clear)
  const { key } = question
  const made = { key, outcome: 'miss' as const, result, entry: null, age: 0 }
  if (mark === null || !result.data || result.errors || deps.isDeaf()) return made
  const { reads, personId } = question
  const tags = tagsOf({ reads, data: result.data, followed: deps.followed })
  if (!tags) return made
  const entry: Entry = {
    text: JSON.stringify(result),
    tags: personId === null ? tags : [...tags, tagOfPerson(personId)],
    // As old as what was read first.
    madeAt,
    maxAge: reads.maxAge,
    // What is one person's own is never given when it may be old.
    stale: personId === null ? staleOf(reads.maxAge) : 0,
  }
  results.set(entry, result)
  return deps.tiers.put(key, entry, mark) ? { ...made, entry } : made
}

const results = new WeakMap<Entry, ExecutionResult>()

/** The same object each time, so that its text is made once. */
function resultOf(entry: Entry): ExecutionResult {
  const known = results.get(entry)
  if (known) return known
  // What was written there is a result that went out like this one.
  const result: ExecutionResult = JSON.parse(entry.text)
  results.set(entry, result)
  return result
}

/** Who leaves does not disturb the others. */
async function whileHere(made: Promise<Given>, signal: AbortSignal): Promise<Given> {
  signal.throwIfAborted()
  const { promise: gone, reject } = Promise.withResolvers<never>()
  const leave = () => reject(signal.reason)
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([made, gone])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
