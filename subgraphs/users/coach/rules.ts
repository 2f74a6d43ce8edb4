import { z } from 'zod'
import { firstFault, type UserError } from '#kit/user-error'
import type { CoachProfile } from './queries.ts'

const line = (max: number) => z.string().trim().max(max, `At most ${max} characters.`)

const Profile = z.object({
  slug: z
    .string()
    .regex(
      /^[a-z0-9](-?[a-z0-9]){2,39}$/,
      'A slug has 3 to 40 lower-case letters and digits, with single hyphens between them.',
    ),
  headline: line(160).nullish(),
  bioFr: line(4_000).nullish(),
  bioEn: line(4_000).nullish(),
  specialties: z.array(line(40).min(1, 'Name the specialty.')).max(12, 'At most 12 specialties.'),
  languages: z
    .array(z.string().regex(/^[a-z]{2}$/, 'Languages are ISO 639-1 codes such as fr.'))
    .min(1, 'Name at least one language.')
    .max(8, 'At most 8 languages.'),
  city: line(80).nullish(),
  published: z.boolean(),
})

const bioOf = (fr: string | null | undefined, en: string | null | undefined) => ({
  ...(fr ? { fr } : {}),
  ...(en ? { en } : {}),
})

/** The profile as it is stored, or the first fault with its path. */
export function coachProfileFrom(
  id: string,
  input: unknown,
): CoachProfile | UserError<'ValidationError'> {
  const parsed = Profile.safeParse(input)
  if (!parsed.success) return firstFault(parsed.error.issues)
  const { slug, headline, bioFr, bioEn, specialties, languages, city, published } = parsed.data
  return {
    id,
    slug,
    headline: headline || null,
    bio: bioOf(bioFr, bioEn),
    specialties: [...new Set(specialties)],
    languages: [...new Set(languages)],
    city: city || null,
    published,
  }
}

/** The text in the asked language, or in the other one; null when neither is written. */
export const bioIn = ({ fr, en }: CoachProfile['bio'], locale: string) =>
  (locale === 'en' ? (en ?? fr) : (fr ?? en)) ?? null
