import type { CostSettings } from '#kit/cost/settings'
import type { Contract } from '#schema/contracts'
import type { Contracts } from './contracts.ts'
import {
  type JudgedOperation,
  judged,
  type Measures,
  type OperationText,
  type Rejection,
} from './judge.ts'
import { contractsFor } from './rules.ts'

export type CatalogSettings = Pick<CostSettings, 'listSize'> & {
  readonly max: Pick<CostSettings['max'], 'outsider' | 'partner'>
}

/** An operation that may be published, and within which contract it stays. */
export type Fit = JudgedOperation & { readonly contract: Contract }
export type Unfit = Rejection & { readonly operation: OperationText; readonly limit: number }

/** One of our own, which was held against its contract when it was built. */
export type Built = { readonly operation: OperationText; readonly contract: Contract }

/** Judges what clients want to publish, by the graph that is served. */
export type Catalog = {
  /** All of them, or the first that is refused. */
  judge(client: string, operations: readonly OperationText[]): Promise<readonly Fit[] | Unfit>
  /** Each by itself, without looking at its contract again. */
  judgeBuilt(client: string, built: readonly Built[]): Promise<readonly (Fit | Unfit)[]>
}

/** Others are answered between two operations: looking at one takes milliseconds. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

export function createCatalog(contracts: Contracts, { max, listSize }: CatalogSettings): Catalog {
  const measuresFor = async (client: string) => {
    const costMax = client === 'web' || client === 'public' ? max.outsider : max.partner
    return { weights: await contracts.weights(), costMax, listSize }
  }
  const candidatesFor = (client: string) =>
    Promise.all(
      contractsFor(client).map(async (contract) => ({
        contract,
        schema: await contracts.schemaOf(contract),
      })),
    )
  return {
    judge: async (client, operations) => {
      const measures = await measuresFor(client)
      const candidates = await candidatesFor(client)
      const fits: Fit[] = []
      for (const operation of operations) {
        const verdict = narrowest(operation, candidates, measures)
        if (!('hash' in verdict)) return verdict
        fits.push(verdict)
        await nextTurn()
      }
      return fits
    },
    judgeBuilt: async (client, built) => {
      const measures = await measuresFor(client)
      return built.map(({ operation, contract }) =>
        narrowest(operation, [{ contract, schema: null }], measures),
      )
    },
  }
}

type Candidate = Pick<Measures, 'schema'> & { readonly contract: Contract }

/** By the first contract that has all it asks for; refused with what the widest says. */
function narrowest(
  operation: OperationText,
  candidates: readonly Candidate[],
  measures: Omit<Measures, 'schema'>,
): Fit | Unfit {
  let last: Unfit | undefined
  for (const { contract, schema } of candidates) {
    const verdict = judged(operation, { ...measures, schema })
    if ('hash' in verdict) return { ...verdict, contract }
    last = { ...verdict, operation, limit: measures.costMax }
  }
  if (!last) throw new Error('There is no contract to judge by.')
  return last
}
