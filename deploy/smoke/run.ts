import type { Check } from './checks.ts'

type Options = {
  readonly checks: readonly Check[]
  readonly now: () => number
  readonly pause: () => Promise<void>
  /** A rollout takes its time: until then what fails is asked again. */
  readonly untilMs: number
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
}

const patienceMs = 10_000

/** What is wrong with each check that fails still when the time is over; empty when all is well. */
export async function smoke({ checks, now, pause, untilMs, fetch: ask = fetch }: Options) {
  const look = async ({ name, url, init, fault }: Check) => {
    const signal = AbortSignal.timeout(patienceMs)
    const found = await ask(url, { redirect: 'manual', signal, ...init })
      .then(fault)
      .catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
    return found === null ? [] : [`${name} (${url}): ${found}`]
  }
  for (;;) {
    const faults = (await Promise.all(checks.map(look))).flat()
    if (faults.length === 0 || now() >= untilMs) return faults
    await pause()
  }
}
