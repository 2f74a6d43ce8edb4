import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useMutation } from 'urql'
import { languageName } from '../../i18n/format.ts'
import { coachLanguages } from '../../i18n/languages.ts'
import { specialties, specialtyName } from '../../i18n/specialties.ts'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/button.tsx'
import { ChoiceChips } from '../../ui/choice-chips.tsx'
import { TextArea, TextField } from '../../ui/field.tsx'
import { type Outcome, OutcomeNotice, outcomeOf, useFieldError } from './outcome.tsx'
import { type OwnProfile, SaveProfile } from './query.ts'

const textIn = (form: FormData, name: string): string => String(form.get(name) ?? '').trim()
const listIn = (form: FormData, name: string): string[] => form.getAll(name).map(String)

const inputFrom = (form: FormData) => ({
  slug: textIn(form, 'slug'),
  headline: textIn(form, 'headline') || null,
  bioFr: textIn(form, 'bioFr') || null,
  bioEn: textIn(form, 'bioEn') || null,
  specialties: listIn(form, 'specialties'),
  languages: listIn(form, 'languages'),
  city: textIn(form, 'city') || null,
  published: form.get('published') === 'on',
})

function Words({
  profile,
  error,
}: {
  profile: OwnProfile | null
  error: (f: string) => string | undefined
}) {
  const { t } = useText()
  return (
    <>
      <div className="grid grid-cols-1 gap-5 sm:grid-cols-2">
        <TextField
          label={t('profile.slug')}
          hint={t('profile.slug.hint')}
          error={error('slug')}
          name="slug"
          required
          pattern="[a-z0-9\-]{3,40}"
          defaultValue={profile?.slug}
        />
        <TextField
          label={t('coaches.city')}
          error={error('city')}
          name="city"
          maxLength={100}
          defaultValue={profile?.city ?? ''}
        />
      </div>
      <TextField
        label={t('profile.headline')}
        error={error('headline')}
        name="headline"
        maxLength={120}
        defaultValue={profile?.headline ?? ''}
      />
      <div className="grid grid-cols-1 gap-5 sm:grid-cols-2">
        <TextArea
          label={t('profile.bioFr')}
          error={error('bioFr')}
          name="bioFr"
          rows={6}
          maxLength={4_000}
          defaultValue={profile?.bioFr ?? ''}
        />
        <TextArea
          label={t('profile.bioEn')}
          error={error('bioEn')}
          name="bioEn"
          rows={6}
          maxLength={4_000}
          defaultValue={profile?.bioEn ?? ''}
        />
      </div>
    </>
  )
}

function Choices({ profile }: { profile: OwnProfile | null }) {
  const { t, tag } = useText()
  const own = profile?.specialties ?? []
  const codes = [...new Set([...Object.keys(specialties), ...own])]
  return (
    <>
      <ChoiceChips
        legend={t('profile.specialties')}
        name="specialties"
        options={codes.map((value) => ({ value, label: specialtyName(value, t) }))}
        chosen={own}
      />
      <ChoiceChips
        legend={t('profile.languages')}
        name="languages"
        options={coachLanguages.map((value) => ({ value, label: languageName(value, tag) }))}
        chosen={profile?.languages ?? ['fr']}
      />
      <label className="flex items-start gap-3">
        <input
          type="checkbox"
          name="published"
          defaultChecked={profile?.published ?? false}
          className="mt-0.5 size-5 accent-accent"
        />
        <span>
          <span className="block text-sm font-medium">{t('profile.published')}</span>
          <span className="block text-sm text-ink-faint">{t('profile.published.hint')}</span>
        </span>
      </label>
    </>
  )
}

export function ProfileForm({ profile }: { profile: OwnProfile | null }) {
  const { t } = useText()
  const [{ fetching }, run] = useMutation(SaveProfile)
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const error = useFieldError(outcome)
  async function save(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const input = inputFrom(new FormData(event.currentTarget))
    const { data, error: failure } = await run({ input })
    setOutcome(outcomeOf(data?.upsertCoach, failure))
  }
  return (
    <form onSubmit={(event) => void save(event)} className="flex flex-col gap-6">
      <Words profile={profile} error={error} />
      <Choices profile={profile} />
      <OutcomeNotice outcome={outcome} conflict="profile.slugTaken" />
      <div className="flex flex-wrap items-center gap-4">
        <Button type="submit" busy={fetching}>
          {t('form.save')}
        </Button>
        {profile?.published && (
          <Link
            to="/coaches/$slug"
            params={{ slug: profile.slug }}
            className="inline-flex min-h-9 items-center text-sm font-medium text-accent-ink hover:underline"
          >
            {t('profile.see')}
          </Link>
        )}
      </div>
    </form>
  )
}
