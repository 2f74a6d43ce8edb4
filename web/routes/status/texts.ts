import { textsAt } from '../../i18n/text.ts'
import en from '../../locales/health.en.generated.json' with { type: 'file' }
import fr from '../../locales/health.fr.generated.json' with { type: 'file' }

export const texts = textsAt({ en, fr })
