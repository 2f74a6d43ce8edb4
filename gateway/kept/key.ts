import { variantOf } from '../engine/engine.ts'
import type { Exchange } from '../exchange.ts'
import { isExplorer } from '../graph.ts'
import type { Reads } from '../reads.ts'

/** What an explorer may look through, which the answer then depends on. */
const lenses = ['x-plexus-contract', 'x-plexus-role']

export type Asker = {
  /** Everything about who asks that the answer may depend on; text of one line. */
  readonly key: string
  /** Whose answer it is, where it is one person's. */
  readonly personId: string | null
}

export type AskerOf = {
  /** Of a whole answer. */
  ofAnswer(exchange: Exchange, reads: Reads): Asker | null
  /** Of what subgraphs say of entities, whose own rules decide what they show to whom. */
  ofEntities(exchange: Exchange): Asker | null
}

type Options = {
  readonly identityOf: (exchange: Exchange) => string
}

/**
 * For whom an answer is kept; null where it must not be. Nobody shares with nobody, as long as they
 * send no cookie; otherwise each person is on their own, but for what the graph says is the same for
 * all to whom the same rules say yes.
 */
export function askerOf({ identityOf }: Options): AskerOf {
  const oneself = (exchange: Exchange): Asker | null => {
    const { credential, viewer, request } = exchange
    if (credential !== 'anonymous')
      return viewer && { key: `${identityOf(exchange)} ${lensOf(exchange)}`, personId: viewer.id }
    const isNobody = viewer === null && !request.headers.has('cookie')
    return isNobody ? { key: `nobody ${identityOf(exchange)}`, personId: null } : null
  }
  return {
    ofAnswer: (exchange, { scope, isOpen }) => {
      if (exchange.viewer && scope === 'variant')
        return { key: variantKey(exchange), personId: null }
      const isForNobody = isOpen && scope === 'everybody'
      return exchange.credential === 'anonymous' && !isForNobody ? null : oneself(exchange)
    },
    ofEntities: oneself,
  }
}

function variantKey(exchange: Exchange): string {
  const { viewer, credential, contract } = exchange
  const { authenticated, scopes, policies } = variantOf(viewer, contract)
  const parts = [credential, contract, authenticated, [...scopes].sort(), [...policies].sort()]
  return `variant ${JSON.stringify(parts)} ${lensOf(exchange)}`
}

const lensOf = (exchange: Exchange): string =>
  isExplorer(exchange)
    ? JSON.stringify(lenses.map((name) => exchange.request.headers.get(name)))
    : ''

/** The same text for the same values, in whichever order they were written. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`)
  return `{${members.join(',')}}`
}
