/**
 * What a kind of caller may see of the graph, from the narrowest to the widest: anybody, partners'
 * programs, whoever is signed in, administrators.
 */
export const contracts = ['public', 'partner', 'app', 'admin'] as const

export type Contract = (typeof contracts)[number]
