import { textsAt } from '../../i18n/text.ts'
import en from '../../locales/security.en.generated.json' with { type: 'file' }
import fr from '../../locales/security.fr.generated.json' with { type: 'file' }

export const texts = textsAt({ en, fr })
