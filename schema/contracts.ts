/**
 * What a kind of caller may see of the graph, from the narrowest to the widest: anybody, partners'
 * programs, whoever is signed in, administrators.
 */
export const contracts = ['public', 'partner', 'app', 'admin'] as const

export type Contract = (typeof contracts)[number]

/** Whether all that one contract holds is in the other: each is within itself and every wider one. */
export const isWithin = (one: Contract, other: Contract): boolean =>
  contracts.indexOf(one) <= contracts.indexOf(other)

/** Undefined for what is no contract's name. */
export const contractNamed = (name: string | null | undefined): Contract | undefined =>
  contracts.find((contract) => contract === name)
