import { parse } from 'graphql'
import { type Contract, contracts, isWithin } from '#schema/contracts'
import { contractsOf } from '../../gateway/contract-graph.ts'
import { supergraphFrom } from '../../gateway/engine/supergraph/index.ts'
import type { Operation } from './operation.ts'

/** The widest contract whose fields a client may ask for; administrators use the web client. */
const widest: Readonly<Record<Operation['client'], Contract>> = { web: 'admin', partner: 'partner' }

export type InContract = Operation & { readonly contract: Contract }

/**
 * Each operation with the narrowest contract that has all it asks for: whoever has that one may run
 * it. `faults` has one line for each fault of one that asks for more than its client may.
 */
export function inContracts(operations: readonly Operation[], supergraph: string) {
  const { outside } = contractsOf(supergraphFrom(supergraph))
  const faults: string[] = []
  const found = operations.flatMap((operation): InContract[] => {
    const document = parse(operation.document, { noLocation: true })
    const most = widest[operation.client]
    const contract = contracts
      .filter((one) => isWithin(one, most))
      .find((one) => outside(document, one).length === 0)
    if (contract) return [{ ...operation, contract }]
    for (const message of outside(document, most))
      faults.push(`${operation.name} is not within the contract "${most}": ${message}`)
    return []
  })
  return { operations: found, faults }
}
