import { z } from 'zod'
import { firstFault, type UserError } from '#kit/user-error'
import { ClientDraft } from '../client/rules.ts'

const dayMs = 86_400_000
/** The longest that a key may live; whoever needs it for longer rotates it. */
export const lifetimeDaysMax = 365
/** As long as a partner's team needs to put a new key everywhere. */
export const overlapHoursMax = 7 * 24
/** For how long a repeat of `createApiKey`, whose answer was lost, still gets a key. */
export const repeatableMinutes = 10

export type ApiKeyInput = {
  name: string
  scopes: readonly string[]
  expiresAt: Date
  rateLimitPerMinute: number
}
export type ApiKeyDraft = z.infer<ReturnType<typeof draftAt>>

const draftAt = (now: Date) =>
  ClientDraft.extend({
    expiresAt: z
      .date()
      .refine((end) => end > now, 'Choose an end in the future.')
      .refine(
        (end) => end.getTime() <= now.getTime() + lifetimeDaysMax * dayMs,
        `A key lives at most ${lifetimeDaysMax} days.`,
      ),
  })

/** A key that can be made, each scope once, or the first fault with its path. */
export function apiKeyDraftFrom(
  input: ApiKeyInput,
  now: Date,
): ApiKeyDraft | UserError<'ValidationError'> {
  const { data, error } = draftAt(now).safeParse(input)
  return error ? firstFault(error.issues) : data
}

const Overlap = z.object({
  overlapHours: z
    .number()
    .int()
    .min(0, 'At least 0 hours.')
    .max(overlapHoursMax, `At most ${overlapHoursMax} hours.`),
})

/** Null when the hours can be granted; else what is wrong with them. */
export function overlapFault(overlapHours: number): UserError<'ValidationError'> | null {
  const { error } = Overlap.safeParse({ overlapHours })
  return error ? firstFault(error.issues) : null
}

type Life = { createdAt: Date; rotatedAt: Date | null; expiresAt: Date }

/** A rotated key gets the lifetime once more that it had been given. */
export function renewedUntil({ createdAt, rotatedAt, expiresAt }: Life, now: Date): Date {
  const lifetimeMs = expiresAt.getTime() - (rotatedAt ?? createdAt).getTime()
  return new Date(now.getTime() + lifetimeMs)
}
