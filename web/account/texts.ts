import { textsAt } from '../i18n/text.ts'
import en from '../locales/account.en.generated.json' with { type: 'file' }
import fr from '../locales/account.fr.generated.json' with { type: 'file' }

export const texts = textsAt({ en, fr })
