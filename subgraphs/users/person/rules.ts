import { z } from 'zod'
import { firstFault, type UserError, userError } from '#kit/user-error'

const present = <T>(value: T | null | undefined): value is T =>
  value !== null && value !== undefined

const Profile = z.object({
  displayName: z
    .string()
    .trim()
    .min(1, 'Write a name.')
    .max(120, 'A name has at most 120 characters.'),
  locale: z.enum(['fr', 'en'], 'The languages are fr and en.'),
  timeZone: z.string(),
})

export type ProfileChange = { [Key in keyof z.infer<typeof Profile>]?: string | undefined }
type ProfileInput = { [Key in keyof ProfileChange]?: string | null | undefined }

/** The parts of a profile that change, or the first fault with its path. Absent and null parts stay. */
export function profileChangeFrom(
  input: ProfileInput,
): ProfileChange | UserError<'ValidationError'> {
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => present(value)))
  const parsed = Profile.partial().safeParse(given)
  if (!parsed.success) return firstFault(parsed.error.issues)
  if (Object.keys(parsed.data).length === 0) {
    return userError('ValidationError', 'Send at least one of displayName, locale and timeZone.')
  }
  return parsed.data
}
