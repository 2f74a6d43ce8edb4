import type { DocumentNode, ExecutionResult } from 'graphql'
import type { Exchange } from '../../exchange.ts'
import type { Drawing, Quota } from '../quota.ts'
import { type Bill, type Call, type Costing, requireShallow } from './charge.ts'

type Answers<Prepared> = {
  execute(call: Call, prepared?: Prepared): Promise<ExecutionResult>
  subscribe(call: Call): Promise<ExecutionResult | AsyncIterable<ExecutionResult>>
}

type Till = {
  /** Without it every operation costs one point. */
  readonly costing: Costing | undefined
  readonly quota: Quota
  readonly documentOf: (text: string, exchange: Exchange) => DocumentNode
}

/** What nobody should read is refused where nobody counts, too. */
const uncounted: Costing = {
  charge: ({ variables }) => {
    requireShallow(variables)
    return { estimated: 1, settle: (result) => result }
  },
}

/**
 * The same answers, each paid for: refused before anything is planned when it costs too much, or more
 * than its caller has. What was drawn is settled by what the answer turned out to cost; what failed
 * costs the least there is. Of a subscription the opening is paid for like an operation, and so is
 * each event.
 */
export function charged<Prepared, Answering extends Answers<Prepared>>(
  answering: Answering & Answers<Prepared>,
  till: Till,
): Answering {
  return {
    ...answering,
    execute: (call: Call, prepared?: Prepared) =>
      paid(call, till, () => answering.execute(call, prepared)),
    subscribe: async (call: Call) => {
      const { bill, drawing } = await drawn(call, till)
      try {
        const opened = await answering.subscribe(call)
        if (!(Symbol.asyncIterator in opened)) return bill.settle(opened)
        return eachPaid(opened, { ...call, bill, quota: till.quota })
      } finally {
        drawing?.settle(least)
      }
    },
  }
}

const least = 1

async function paid(
  call: Call,
  till: Till,
  work: () => Promise<ExecutionResult>,
): Promise<ExecutionResult> {
  const { bill, drawing } = await drawn(call, till)
  let actual = least
  try {
    const result = bill.settle(await work())
    actual = call.exchange.cost?.actual ?? least
    return result
  } finally {
    drawing?.settle(actual)
  }
}

type Drawn = { readonly bill: Bill; readonly drawing: Drawing | null }

/** What is refused for what it is costs a point as well: refusing it took work. */
async function drawn(call: Call, { costing = uncounted, quota, documentOf }: Till): Promise<Drawn> {
  let bill: Bill
  try {
    bill = costing.charge(call, documentOf)
  } catch (error) {
    const drawing = await quota(call.exchange, least)
    drawing?.settle(least)
    throw error
  }
  return { bill, drawing: await quota(call.exchange, bill.estimated) }
}

type EventCall = Call & { readonly bill: Bill; readonly quota: Quota }

/** Reading throws RATE_LIMITED when an event costs more than the caller has left. */
function eachPaid(
  events: AsyncIterable<ExecutionResult>,
  { exchange, bill, quota }: EventCall,
): typeof events {
  const iterator = events[Symbol.asyncIterator]()
  const settled = async (value: ExecutionResult) => {
    const drawing = await quota(exchange, bill.estimated)
    const result = bill.settle(value)
    drawing?.settle(exchange.cost?.actual ?? least)
    return { done: false, value: result } as const
  }
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        const { done, value } = await iterator.next()
        return done ? over : settled(value)
      },
      // At once, also while an event is waited for.
      return: async () => {
        await iterator.return?.()
        return over
      },
    }),
  }
}

const over = { done: true, value: undefined } as const
