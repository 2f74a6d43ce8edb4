import { parse } from 'graphql'
import type { Contracts } from './contract-graph.ts'
import { UnfitError } from './operations/prepare-registered.ts'
import type { RegisteredOperation } from './operations/registry.ts'
import { takingTurns } from './turns.ts'

type Published = Pick<RegisteredOperation, 'name' | 'contract' | 'document'>

/** Rejects with UnfitError, naming each operation and the field that is not in its contract. */
export async function requireWithinContracts(
  operations: readonly Published[],
  contracts: Contracts,
): Promise<void> {
  const turn = takingTurns()
  const faults: string[] = []
  for (const { name, contract, document } of operations) {
    // The whole graph is what the engine prepares everything by.
    if (contract === 'admin') continue
    const outside = contracts.outside(parse(document, { noLocation: true }), contract)
    if (outside.length > 0) faults.push(`${name} (${contract}: ${outside.join(' ')})`)
    await turn()
  }
  if (faults.length > 0)
    throw new UnfitError(
      `These registered operations are not within their contracts: ${faults.sort().join(', ')}.`,
    )
}
