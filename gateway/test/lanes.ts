import type { Engine } from '../engine/engine.ts'
import { variantOf } from '../engine/engine.ts'
import type { Exchange, Stage } from '../exchange.ts'
import type { Lanes } from '../gateway.ts'
import { chosenBy, type OperationsDeps } from '../operations/choose.ts'
import { plainParamsFrom } from '../operations/params.ts'

/** By which lane: the fast one takes whatever it can, also what it sees for the first time. */
export type Lane = 'open' | 'fast'
export const lanes: readonly Lane[] = ['open', 'fast']

type Forced = {
  readonly lane: Lane | undefined
  readonly engine: Engine
  readonly operations: OperationsDeps
  /** Told of each request by which lane it went. */
  readonly seen: (lane: Lane) => void
}

/** Sends every request by one lane; what only the open one can answer goes there in any case. */
export const forcedInto =
  ({ lane, engine, operations, seen }: Forced) =>
  ({ fast, open, admission }: Lanes): Stage => {
    const inOpen: Stage = (exchange, next) => {
      seen('open')
      return open(exchange, next)
    }
    if (lane === 'open') return inOpen
    /** What a first request would have left behind. */
    const learn = async (exchange: Exchange) => {
      const params = await plainParamsFrom(exchange)
      if (!params) return
      const { text, operationName } = chosenBy(params, exchange, operations)
      admission.documentOf(text, exchange)
      await engine.prepare(text, operationName, variantOf(exchange.viewer))
    }
    return async (exchange, next) => {
      if (lane === 'fast') await learn(exchange).catch(() => {})
      let isFast = true
      const response = await fast(exchange, () => {
        isFast = false
        return inOpen(exchange, next)
      })
      if (isFast) seen('fast')
      return response
    }
  }
