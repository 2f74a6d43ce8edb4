import type { Contract } from '#schema/contracts'
import type { Engine } from './engine/engine.ts'

/**
 * Answers text of an explorer's own by the graph of the contract that they named, and everything
 * else by the whole one. The engine of a contract is made when somebody first asks for it.
 */
export function engineByContract(
  whole: Engine,
  engineOf: (contract: Contract) => Engine | Promise<Engine>,
): Engine {
  const making = new Map<Contract, Promise<Engine>>()
  const made = new Map<Contract, Engine>()
  const make = async (contract: Contract) => {
    try {
      const engine = await engineOf(contract)
      made.set(contract, engine)
      return engine
    } catch (error) {
      making.delete(contract)
      throw error
    }
  }
  const narrowed = (contract: Contract) => {
    const known = making.get(contract) ?? make(contract)
    making.set(contract, known)
    return known
  }
  return {
    prepare: async (document, operationName, variant) => {
      const { contract } = variant
      const engine = contract ? await narrowed(contract) : whole
      return engine.prepare(document, operationName, variant)
    },
    known: (document, operationName, variant) => {
      const engine = variant.contract ? made.get(variant.contract) : whole
      return engine?.known?.(document, operationName, variant) ?? null
    },
  }
}
