import type { RefundStatus } from './queries.ts'

/**
 * What a refund becomes by what the provider says. A bank may still send back what had succeeded; what failed is
 * over, and its money can be given back by another refund.
 */
export function refundAfter(status: RefundStatus, seen: RefundStatus): RefundStatus {
  if (status === 'FAILED') return 'FAILED'
  return seen === 'PENDING' ? status : seen
}
