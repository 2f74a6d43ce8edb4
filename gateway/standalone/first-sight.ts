import type { Admission } from '../admission/admit.ts'
import { type Engine, variantOf } from '../engine/engine.ts'
import type { Exchange, Stage } from '../exchange.ts'
import type { Lanes } from '../gateway.ts'
import { chosenBy, type OperationsDeps } from '../operations/choose.ts'
import { plainParamsFrom } from '../operations/params.ts'

type FirstSight = { readonly operations: OperationsDeps; readonly engine: Engine }

/**
 * A plain request for something new is prepared before it enters the fast lane, so that the first
 * answer of a process does not wait for graphql-yoga to load. Whatever is unusual, or is refused,
 * goes through the open lane, which words it.
 */
export const preparedAtFirstSight =
  ({ operations, engine }: FirstSight) =>
  ({ fast, open, admission }: Lanes): Stage =>
  (exchange, next) =>
    fast(exchange, async () => {
      const isReady = await prepare(exchange, { operations, engine, admission })
      return isReady ? fast(exchange, () => open(exchange, next)) : open(exchange, next)
    })

type Preparing = FirstSight & { readonly admission: Admission }

async function prepare(exchange: Exchange, { operations, engine, admission }: Preparing) {
  try {
    const params = await plainParamsFrom(exchange)
    if (!params) return false
    const { text, operationName } = chosenBy(params, exchange, operations)
    admission.documentOf(text, exchange)
    await engine.prepare(text, operationName, variantOf(exchange.viewer))
    return true
  } catch {
    return false
  }
}
