import { createStore } from './store.ts'

/** As whom the graph is looked at; the first is the explorer themselves. */
export const viewers = [
  'MYSELF',
  'ANONYMOUS',
  'CLIENT',
  'COACH',
  'COMPANY_ADMIN',
  'SUPPORT',
  'PARTNER_APP',
] as const
export type LensViewer = (typeof viewers)[number]

/** The contracts of the graph, the widest first. */
export const contracts = ['admin', 'app', 'partner', 'public'] as const
export type Contract = (typeof contracts)[number]

export type Lens = { readonly viewer: LensViewer; readonly contract: Contract }

/** Not kept anywhere: a page that is loaded again shows everything. */
export const lens = createStore<Lens>({ viewer: 'MYSELF', contract: 'admin' })

/** What the gateway is told of it; the schema is that of a contract, whoever looks. */
export const lensHeaders = (what: 'schema' | 'operation'): Record<string, string> => {
  const { viewer, contract } = lens.get()
  return {
    ...(viewer !== 'MYSELF' && what === 'operation' && { 'x-plexus-role': viewer }),
    ...(contract !== 'admin' && { 'x-plexus-contract': contract }),
  }
}
