import { OperationTypeNode } from 'graphql'
import type { Budget } from './budget.ts'
import type { AnswerText, Ask, Attempt } from './transport.ts'

export type HedgeDeps = {
  /** How long a query waits alone. */
  readonly afterMs: number
  readonly budget: Budget
  readonly hedged: () => void
}

/** Asks a slow query a second time; the first answer counts, and the other request is aborted. */
export const hedged =
  (ask: Ask, deps: HedgeDeps): Ask =>
  (attempt) =>
    attempt.kind === OperationTypeNode.QUERY ? firstOfTwo(ask, attempt, deps) : ask(attempt)

function firstOfTwo(ask: Ask, attempt: Attempt, deps: HedgeDeps): Promise<AnswerText> {
  const { promise, resolve, reject } = Promise.withResolvers<AnswerText>()
  const running = new Set<AbortController>()
  const settle = () => {
    clearTimeout(timer)
    for (const one of running) one.abort()
  }
  const start = () => {
    const own = new AbortController()
    running.add(own)
    const signal = AbortSignal.any([attempt.signal, own.signal])
    const answered = (answer: AnswerText) => {
      running.delete(own)
      settle()
      resolve(answer)
    }
    const failed = (cause: unknown) => {
      running.delete(own)
      if (running.size > 0) return
      settle()
      reject(cause)
    }
    ask({ ...attempt, signal }).then(answered, failed)
  }
  const timer = setTimeout(() => {
    if (!deps.budget.spend()) return
    deps.hedged()
    start()
  }, deps.afterMs)
  start()
  return promise
}
