import type { LocationKind } from '../graph/fragments.ts'
import type { MessageId } from '../i18n/text.ts'
import type { IconName } from './icons.tsx'

export const locationLook: Record<LocationKind, { icon: IconName; name: MessageId }> = {
  ONLINE: { icon: 'video', name: 'location.ONLINE' },
  ON_SITE: { icon: 'pin', name: 'location.ON_SITE' },
  AT_CLIENT: { icon: 'home', name: 'location.AT_CLIENT' },
}
