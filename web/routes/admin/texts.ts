import { textsAt } from '../../i18n/text.ts'
import en from '../../locales/admin.en.generated.json' with { type: 'file' }
import fr from '../../locales/admin.fr.generated.json' with { type: 'file' }

export const texts = textsAt({ en, fr })
