import type { MessageId } from '../i18n/text.ts'

const texts: Record<string, MessageId> = {
  expired: 'signin.expired',
  denied: 'signin.denied',
  unavailable: 'signin.unavailable',
  replayed: 'signin.replayed',
  'level-not-met': 'signin.levelNotMet',
}

/** Why signing in failed, by the reason that the gateway leaves in the address. */
export const failureText = (reason: string): MessageId =>
  (Object.hasOwn(texts, reason) && texts[reason]) || 'signin.failed'
