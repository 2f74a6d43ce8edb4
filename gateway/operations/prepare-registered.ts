import type { Log } from '#kit/log'
import { roleScopes } from '#schema/scopes'
import { type Engine, type Variant, variantOf } from '../engine/engine.ts'
import { takingTurns } from '../turns.ts'
import type { RegisteredOperation } from './registry.ts'

const nothing: ReadonlySet<string> = new Set()

const variantsWith = (scopes: readonly string[]): Variant[] =>
  [nothing, new Set(['acr2'])].map((policies) => ({
    authenticated: true,
    scopes: new Set<string>(scopes),
    policies,
  }))

/** A caller of each kind that there is; the engine prepares once for those whom it treats alike. */
const everybody: readonly Variant[] = [
  variantOf(null),
  ...Object.values(roleScopes).flatMap(variantsWith),
]
const programs = variantsWith(roleScopes.PARTNER_APP)

/** Pages and anybody's operations are run by all kinds of callers, all others by programs alone. */
const variantsOf = ({ client }: Prepared) =>
  client === undefined || client === 'web' || client === 'public' ? everybody : programs

type Prepared = Pick<RegisteredOperation, 'document' | 'name'> & { readonly client?: string }

type Options = {
  readonly operations: readonly Prepared[]
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
  // What pages and programs both run is prepared for everybody.
  const widestLast = operations.toSorted((a, b) => variantsOf(a).length - variantsOf(b).length)
  const byText = new Map(widestLast.map((one) => [one.document, one]))
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
  operation: Prepared,
  engine: Options['engine'],
  turn: () => Promise<void>,
): Promise<string | null> {
  try {
    for (const variant of variantsOf(operation)) {
      await engine.prepare(operation.document, null, variant)
      await turn()
    }
    return null
  } catch (error) {
    const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error]
    return errors.map((one) => (one instanceof Error ? one.message : String(one))).join(' ')
  }
}
