import { shareOf } from '../table.ts'
import type { Generator, Question, Rush } from './generator.ts'
import { cpuMsOf, rssMbOf } from './place.ts'

/** A gateway that runs, with a generator connected to it. */
export type Running = {
  readonly pid: number
  readonly generator: Generator
}

export type Window = Rush & { readonly cpuMs: number }

export type Measured = {
  /** Of the gateway's process, for one request: the median of the rounds. */
  readonly cpuMs: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly rssMb: number
}

/** One window under load, and the CPU time of the gateway's process over it. */
export async function windowOf(
  { pid, generator }: Running,
  question: Question,
  seconds: number,
): Promise<Window> {
  const before = await cpuMsOf(pid)
  const rush = await generator.rush(question, seconds)
  return { ...rush, cpuMs: ((await cpuMsOf(pid)) - before) / rush.requests }
}

const settledShare = 0.04

/**
 * Loads until the code is compiled: until two windows in a row cost the same within a few per cent,
 * or `windowsMax` have passed. Gives how many there were.
 */
export async function warmUp(
  running: Running,
  question: Question,
  { seconds, windowsMax }: { readonly seconds: number; readonly windowsMax: number },
): Promise<number> {
  let previous = Number.POSITIVE_INFINITY
  let settled = 0
  for (let windows = 1; windows <= windowsMax; windows += 1) {
    const { cpuMs } = await windowOf(running, question, seconds)
    settled = Math.abs(cpuMs - previous) <= previous * settledShare ? settled + 1 : 0
    if (settled === 2) return windows
    previous = cpuMs
  }
  return windowsMax
}

const medianOf = (values: readonly number[]) =>
  shareOf(
    [...values].sort((one, other) => one - other),
    0.5,
  )

/** What several windows say together. */
export async function measuredOf(windows: readonly Window[], { pid }: Running): Promise<Measured> {
  const times = windows.flatMap((window) => window.times).sort((one, other) => one - other)
  return {
    cpuMs: medianOf(windows.map((window) => window.cpuMs)),
    perSecond: medianOf(windows.map((window) => window.requests / window.seconds)),
    p50Ms: shareOf(times, 0.5),
    p99Ms: shareOf(times, 0.99),
    rssMb: await rssMbOf(pid),
  }
}
