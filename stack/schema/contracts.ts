import { type Contract, contracts } from '#schema/contracts'
import { contractsOf } from '../../gateway/contract-graph.ts'
import { supergraphFrom } from '../../gateway/engine/supergraph/index.ts'

/** The text of every contract of a composed graph. Throws ContractError when one leaks. */
export function contractTexts(supergraph: string): { contract: Contract; text: string }[] {
  const { sdlOf } = contractsOf(supergraphFrom(supergraph))
  return contracts.map((contract) => ({ contract, text: sdlOf(contract) ?? '' }))
}
