import type { Log } from '#kit/log'
import { roleScopes } from '#schema/scopes'
import { type Engine, type Variant, variantOf } from '../engine/engine.ts'
import type { RegisteredOperation } from './registry.ts'

/** So many at a time: whoever asks meanwhile is answered as well. */
const atOnce = 4

/** A caller of each kind that there is; the engine prepares once for those whom it treats alike. */
const variants: readonly Variant[] = [
  variantOf(null),
  ...Object.values(roleScopes).map((scopes) => ({
    ...variantOf(null),
    authenticated: true,
    scopes: new Set<string>(scopes),
  })),
]

type Options = {
  readonly operations: readonly RegisteredOperation[]
  readonly engine: Engine
  readonly log: Pick<Log, 'info'>
}

/**
 * Prepares what is registered, so that no client waits for it. Rejects with the names of those that
 * the graph cannot answer.
 */
export async function prepareRegistered({ operations, engine, log }: Options): Promise<void> {
  const startedAt = performance.now()
  const byText = new Map(operations.map((one) => [one.document, one]))
  const left = [...byText.values()]
  const faults: string[] = []
  const work = async () => {
    for (let next = left.pop(); next; next = left.pop()) {
      const fault = await faultOf(next, engine)
      if (fault !== null) faults.push(`${next.name} (${fault})`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  if (faults.length > 0)
    throw new Error(
      `These registered operations do not fit the graph: ${faults.sort().join(', ')}.`,
    )
  const ms = Math.round(performance.now() - startedAt)
  log.info(`Prepared ${byText.size} registered operations in ${ms} ms`)
}

/** Null when it can be prepared for everybody. */
async function faultOf({ document }: RegisteredOperation, engine: Engine): Promise<string | null> {
  try {
    for (const variant of variants) await engine.prepare(document, null, variant)
    return null
  } catch (error) {
    const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error]
    return errors.map((one) => (one instanceof Error ? one.message : String(one))).join(' ')
  }
}
