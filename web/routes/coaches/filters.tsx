import { languageName } from '../../i18n/format.ts'
import { coachLanguages } from '../../i18n/languages.ts'
import { specialties, specialtyName } from '../../i18n/specialties.ts'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/button.tsx'
import { SearchField, SelectField, TextField } from '../../ui/field.tsx'
import { Icon } from '../../ui/icons.tsx'
import { useDebounced } from '../../ui/use-debounced.ts'

export type CoachSearch = {
  search?: string
  specialty?: string
  language?: string
  city?: string
}

const withOther = (known: readonly string[], chosen: string | undefined): string[] =>
  chosen && !known.includes(chosen) ? [...known, chosen] : [...known]

type FiltersProps = { value: CoachSearch; onChange: (next: CoachSearch) => void }

/** The filters live in the address: a search can be shared, and Back undoes it. */
export function Filters({ value, onChange }: FiltersProps) {
  const { t, tag } = useText()
  const set = (name: keyof CoachSearch, text: string) => {
    const { [name]: _, ...rest } = value
    onChange(text ? { ...rest, [name]: text } : rest)
  }
  const [search, setSearch] = useDebounced(value.search ?? '', (text) => set('search', text))
  const [city, setCity] = useDebounced(value.city ?? '', (text) => set('city', text))
  const any = Object.keys(value).length > 0
  return (
    <search className="mt-8 grid grid-cols-2 items-end gap-4 sm:grid-cols-3 lg:grid-cols-[2fr_1fr_1fr_1fr]">
      <div className="max-lg:col-span-full">
        <SearchField
          label={t('coaches.search')}
          placeholder={t('coaches.search.placeholder')}
          value={search}
          maxLength={100}
          onChange={({ target }) => setSearch(target.value)}
        />
      </div>
      <SelectField
        label={t('coaches.specialty')}
        value={value.specialty ?? ''}
        onChange={({ target }) => set('specialty', target.value)}
      >
        <option value="">{t('filter.all')}</option>
        {withOther(Object.keys(specialties), value.specialty).map((code) => (
          <option key={code} value={code}>
            {specialtyName(code, t)}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t('coaches.language')}
        value={value.language ?? ''}
        onChange={({ target }) => set('language', target.value)}
      >
        <option value="">{t('filter.all')}</option>
        {withOther(coachLanguages, value.language).map((code) => (
          <option key={code} value={code}>
            {languageName(code, tag)}
          </option>
        ))}
      </SelectField>
      <div className="max-sm:col-span-full">
        <TextField
          label={t('coaches.city')}
          placeholder={t('coaches.city.placeholder')}
          value={city}
          maxLength={100}
          autoComplete="address-level2"
          onChange={({ target }) => setCity(target.value)}
        />
      </div>
      {any && (
        <div className="col-span-full -mt-1 -ml-3">
          <Button variant="quiet" size="sm" onClick={() => onChange({})}>
            <Icon name="close" className="size-4" />
            {t('coaches.clear')}
          </Button>
        </div>
      )}
    </search>
  )
}
