import type { BookingStatus } from '../graph/fragments.ts'
import { useText } from '../i18n/text.ts'
import { Badge, type Tone } from './badge.tsx'

const tones: Record<BookingStatus, Tone> = {
  HELD: 'caution',
  PENDING_CONFIRMATION: 'caution',
  CONFIRMED: 'positive',
  IN_PROGRESS: 'accent',
  COMPLETED: 'neutral',
  CANCELLED_BY_CLIENT: 'danger',
  CANCELLED_BY_COACH: 'danger',
  DECLINED: 'danger',
  EXPIRED: 'neutral',
  NO_SHOW: 'danger',
}

export const StatusBadge = ({ status }: { status: BookingStatus }) => {
  const { t } = useText()
  return <Badge tone={tones[status]}>{t(`status.${status}`)}</Badge>
}
