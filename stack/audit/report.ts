import type { Chain } from './chain.ts'
import type { Lag } from './lag.ts'

const links = (count: number) => `${count} ${count === 1 ? 'link' : 'links'}`

const chainLines = ({ links: count, lastHash, fault }: Chain): string[] =>
  fault
    ? [
        `broken at link ${fault.seq}: ${fault.reason}`,
        `${links(count)} before it hold, the last one is ${lastHash}`,
      ]
    : [
        `${links(count)} hold, the last one is ${lastHash}`,
        'Keep that hash elsewhere: --expect HASH proves later that nothing before it was cut off or written anew.',
      ]

const lagLine = ({ waiting, oldestSeconds, parked }: Lag): string =>
  waiting === 0
    ? 'nothing waits: every act that was told is in the chain'
    : `${waiting} acts are not in the chain yet, the oldest for ${Math.round(oldestSeconds)} s` +
      (parked > 0 ? `; ${parked} of them failed and are tried again` : '')

const unseenLine = ({ unseen }: Lag): string[] =>
  unseen.length > 0
    ? [`not counted: the outboxes of ${unseen.join(', ')}, which this role may not read`]
    : []

/** What `bun run audit verify` prints. */
export const reportOf = (chain: Chain, lag: Lag): string[] => [
  ...chainLines(chain),
  lagLine(lag),
  ...unseenLine(lag),
]
