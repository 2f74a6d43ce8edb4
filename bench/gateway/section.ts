import { type Gateway, type Ground, startGateway, type Which } from './gateways.ts'
import { type Measured, measuredOf, type Window, warmUp, windowOf } from './measure.ts'
import type { OperationName } from './operations.ts'
import type { Options } from './options.ts'

export type Section = {
  readonly which: readonly Which[]
  readonly operations: readonly OperationName[]
}

export type Result = Which & {
  readonly operation: OperationName
  readonly measured: Measured
  readonly startMs: number
  readonly idleMb: number
}

/**
 * Starts the gateways, warms each of them up, and then measures them in turn, round after round, so
 * that a machine that slows down slows all of them down.
 */
export async function measureSection(
  ground: Ground,
  { which, operations }: Section,
  options: Options,
): Promise<Result[]> {
  const gateways: Gateway[] = []
  try {
    for (const one of which) gateways.push(await startGateway(ground, one))
    const results: Result[] = []
    for (const operation of operations)
      results.push(...(await measureOperation(gateways, operation, options)))
    return results
  } finally {
    await Promise.all(gateways.map((gateway) => gateway.stop()))
  }
}

async function measureOperation(
  gateways: readonly Gateway[],
  operation: OperationName,
  { seconds, rounds, warmUpMax }: Options,
): Promise<Result[]> {
  const loaded = gateways.map((gateway) => ({
    gateway,
    question: gateway.questionOf(operation),
    windows: [] as Window[],
  }))
  for (const { gateway, question } of loaded) {
    const windows = await warmUp(gateway, question, { seconds, windowsMax: warmUpMax })
    console.error(`${operation}: ${gateway.row}, ${gateway.sharing}, warm after ${windows}`)
  }
  for (let round = 0; round < rounds; round += 1)
    for (const { gateway, question, windows } of loaded)
      windows.push(await windowOf(gateway, question, seconds))
  return Promise.all(
    loaded.map(async ({ gateway, windows }) => ({
      ...{ row: gateway.row, sharing: gateway.sharing, naming: gateway.naming, operation },
      ...{ startMs: gateway.startMs, idleMb: gateway.idleMb },
      measured: await measuredOf(windows, gateway),
    })),
  )
}
