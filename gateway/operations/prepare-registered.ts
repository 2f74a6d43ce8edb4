import type { Log } from '#kit/log'
import { roleScopes } from '#schema/scopes'
import { type Engine, type Variant, variantOf } from '../engine/engine.ts'
import { takingTurns } from '../turns.ts'
import type { RegisteredOperation } from './registry.ts'

const nothing: ReadonlySet<string> = new Set()

/** A caller of each kind that there is; the engine prepares once for those whom it treats alike. */
const variants: readonly Variant[] = [
  variantOf(null),
  ...Object.values(roleScopes).flatMap((scopes) =>
    [nothing, new Set(['acr2'])].map((policies) => ({
      authenticated: true,
      scopes: new Set<string>(scopes),
      policies,
    })),
  ),
]

type Options = {
  readonly operations: readonly Pick<RegisteredOperation, 'document' | 'name'>[]
  readonly engine: Pick<Engine, 'prepare'>
  readonly log: Pick<Log, 'info'>
}

/** What is registered asks for what the graph does not have. */
export class UnfitError extends Error {
  override readonly name = 'UnfitError'
}

/**
 * Prepares what is registered, so that no client waits for it, nor for this. Rejects with
 * UnfitError, naming those that the graph cannot answer.
 */
export async function prepareRegistered({ operations, engine, log }: Options): Promise<void> {
  const startedAt = performance.now()
  const byText = new Map(operations.map((one) => [one.document, one]))
  const faults: string[] = []
  const turn = takingTurns()
  for (const operation of byText.values()) {
    const fault = await faultOf(operation, engine, turn)
    if (fault !== null) faults.push(`${operation.name} (${fault})`)
  }
  if (faults.length > 0)
    throw new UnfitError(
      `These registered operations do not fit the graph: ${faults.sort().join(', ')}.`,
    )
  const ms = Math.round(performance.now() - startedAt)
  log.info(`Prepared ${byText.size} registered operations in ${ms} ms`)
}

/** Null when it can be prepared for everybody. */
async function faultOf(
  { document }: Pick<RegisteredOperation, 'document'>,
  engine: Options['engine'],
  turn: () => Promise<void>,
): Promise<string | null> {
  try {
    for (const variant of variants) {
      await engine.prepare(document, null, variant)
      await turn()
    }
    return null
  } catch (error) {
    const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error]
    return errors.map((one) => (one instanceof Error ? one.message : String(one))).join(' ')
  }
}
