import type { Exchange } from '../exchange.ts'
import type { Account } from './account.ts'
import { limitOf, type QuotaLimits } from './quota-limits.ts'

/** Who pays for a request: a program, a person, a network, or a program and a person. */
export type Spender = {
  /** Counted exactly over all instances, and told how it stands with every answer. */
  readonly client: Account | null
  /** Counted here and told to the others later; told how it stands when it is refused. */
  readonly other: Account | null
  /** How many operations of the client may run at a time on this instance. */
  readonly concurrency: number
}

const nobody: Spender = { client: null, other: null, concurrency: Number.POSITIVE_INFINITY }

export function spenderOf(exchange: Exchange, limits: QuotaLimits, webClientId: string): Spender {
  const { credential, clientId } = exchange
  const isProgram = credential === 'bearer' && clientId !== null && clientId !== webClientId
  if (!isProgram) return { ...nobody, other: personOf(exchange, limits) }
  return {
    client: { key: clientId, limit: allowedTo(exchange, limits) },
    other: exchange.viewer?.id === clientId ? null : personOf(exchange, limits),
    concurrency: exchange.allowance?.concurrency ?? nobody.concurrency,
  }
}

function allowedTo({ allowance, rateLimitPerMinute }: Exchange, limits: QuotaLimits) {
  if (allowance) return { perMinute: allowance.pointsPerMinute, burst: allowance.burst }
  return limitOf(rateLimitPerMinute ?? limits.programRequests, limits)
}

/** Whoever acts in another's name spends their own points. */
function personOf({ viewer, clientAddress }: Exchange, limits: QuotaLimits): Account | null {
  if (viewer) return { key: `person:${viewer.actor ?? viewer.id}`, limit: limits.person }
  const network = networkOf(clientAddress)
  return network === null ? null : { key: `address:${network}`, limit: limits.address }
}

const loopback = /^(::ffff:)?127\.|^::1$|^$/

/**
 * An address of version 4, or the 64 bits of version 6 that one customer has. Null for this machine:
 * a proxy here that nobody told us of would make everybody one.
 */
function networkOf(address: string): string | null {
  if (loopback.test(address)) return null
  const mapped = address.startsWith('::ffff:') && address.includes('.')
  if (mapped || !address.includes(':')) return address
  const [head = '', tail = ''] = address.split('::')
  const groups = head.split(':').filter(Boolean)
  const rest = tail.split(':').filter(Boolean)
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => '0')
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':')
}
