import { delegableScopes } from '#schema/scopes'
import type { MessageId } from '../../../i18n/text.ts'

/** The text of a scope; null for one that has none, which is then shown as it is. */
export function scopeText(scope: string): MessageId | null {
  const known = delegableScopes.find((own) => own === scope)
  return known ? `may.${known}` : null
}
