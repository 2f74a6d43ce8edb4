import { type Contract, isWithin } from '#schema/contracts'
import { contractOf } from '../../contract.ts'
import type { Exchange } from '../../exchange.ts'
import { createRecent, type Recent } from '../../recent.ts'
import type { Client, RegisteredOperation, Registry } from '../registry.ts'
import { clientsOf } from '../select.ts'
import { kebabOf, versionedNameOf } from '../versions.ts'

/** By the name in the address, the names of its operation in the order of their versions. */
export type Published = ReadonlyMap<string, ReadonlyMap<number, string>>

const clientsMax = 200
const known = new WeakMap<readonly RegisteredOperation[], Recent<string, Published>>()

/** Whose operations a caller runs, and within which contract. */
export type Whose = { readonly clients: readonly Client[]; readonly contract: Contract }

export const whoseOf = (exchange: Exchange, webClientId: string): Whose => ({
  clients: clientsOf(exchange, webClientId),
  contract: contractOf(exchange, webClientId),
})

/** What they have an address for; found once for each state of the registry. */
export function publishedFor(registry: Pick<Registry, 'all'>, { clients, contract }: Whose) {
  const all = registry.all()
  const byClients = known.get(all) ?? createRecent<string, Published>(clientsMax)
  known.set(all, byClients)
  return byClients.of([contract, ...clients].join(' '), () => {
    const within = all.filter((one) => isWithin(one.contract, contract))
    return publishedAmong(within, clients)
  })
}

function publishedAmong(all: readonly RegisteredOperation[], clients: readonly Client[]) {
  const byAddress = new Map<string, Map<number, string>>()
  for (const client of clients)
    for (const { name } of all.filter((one) => one.client === client)) {
      const { base, version } = versionedNameOf(name)
      const address = kebabOf(base)
      const versions = byAddress.get(address) ?? new Map<number, string>()
      byAddress.set(address, versions)
      // Of two under one address that of the caller's own client counts.
      if (!versions.has(version)) versions.set(version, name)
    }
  return byAddress
}

/** The name of the operation that answers there as of that version: the newest that is not newer. */
export function nameAt(published: Published, address: string, version: number): string | null {
  const versions = [...(published.get(address) ?? [])].filter(([one]) => one <= version)
  const [, name = null] = versions.sort(([a], [b]) => b - a)[0] ?? []
  return name
}
