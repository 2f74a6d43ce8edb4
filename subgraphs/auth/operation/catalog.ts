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

/** Judges what clients want to publish, by the graph that is served. */
export type Catalog = {
  /** All of them, or the first that is refused. */
  judge(client: string, operations: readonly OperationText[]): Promise<readonly Fit[] | Unfit>
}

export function createCatalog(contracts: Contracts, { max, listSize }: CatalogSettings): Catalog {
  const judgeOne = async (client: string, operation: OperationText): Promise<Fit | Unfit> => {
    const costMax = client === 'web' || client === 'public' ? max.outsider : max.partner
    const weights = await contracts.weights()
    let last: Unfit | undefined
    for (const contract of contractsFor(client)) {
      const schema = await contracts.schemaOf(contract)
      const measures: Measures = { schema, weights, costMax, listSize }
      const verdict = judged(operation, measures)
      if ('hash' in verdict) return { ...verdict, contract }
      last = { ...verdict, operation, limit: costMax }
    }
    if (!last) throw new Error(`Client ${client} has no contract.`)
    return last
  }
  return {
    judge: async (client, operations) => {
      const fits: Fit[] = []
      for (const operation of operations) {
        const verdict = await judgeOne(client, operation)
        if (!('hash' in verdict)) return verdict
        fits.push(verdict)
      }
      return fits
    },
  }
}
