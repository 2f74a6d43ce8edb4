import { textsAt } from '../i18n/text.ts'
import en from '../locales/step-up.en.generated.json' with { type: 'file' }
import fr from '../locales/step-up.fr.generated.json' with { type: 'file' }

export const texts = textsAt({ en, fr })
