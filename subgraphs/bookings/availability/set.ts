import { requires } from '#kit/builder'
import { AppError } from '#kit/errors'
import { emit } from '#kit/outbox'
import type { Sql } from '#kit/postgres'
import { userError } from '#kit/user-error'
import { upcomingOfCoach } from '../booking/queries.ts'
import { BookingType } from '../booking/type.ts'
import { builder, ConflictErrorType, ValidationErrorType } from '../builder.ts'
import { ownCoachId } from '../coach/policy.ts'
import type { Context } from '../context.ts'
import { lineUp } from '../session/queries.ts'
import { insertCalendar, replaceHours, updateCalendar } from './queries.ts'
import { type HoursInput, hoursFault, uncovered } from './rules.ts'
import { AvailabilityType } from './type.ts'

type HoursSet = { __typename: 'AvailabilitySet'; coachId: string; conflicting: readonly string[] }

const AvailabilitySetType = builder.objectRef<HoursSet>('AvailabilitySet').implement({
  fields: (t) => ({
    availability: t.field({
      type: AvailabilityType,
      resolve: async ({ coachId }, _, { availabilityOf }) => {
        const availability = await availabilityOf.load(coachId)
        if (!availability) throw new Error('The hours that were just set are not there.')
        return availability
      },
    }),
    conflictingBookings: t.field({
      type: [BookingType],
      description: 'Live bookings that the new hours no longer cover; they stay.',
      resolve: ({ conflicting }) => [...conflicting],
    }),
  }),
})

const SetAvailabilityResultType = builder.unionType('SetAvailabilityResult', {
  types: [AvailabilitySetType, ValidationErrorType, ConflictErrorType],
  resolveType: ({ __typename }) => __typename,
})

const RuleInputType = builder.inputType('RuleInput', {
  description:
    '`rrule` without DTSTART, for example FREQ=WEEKLY;BYDAY=MO,TU (RFC 5545, section 3.3.10); the wall-clock start stays the same over a clock change.',
  fields: (t) => ({
    rrule: t.string({ required: true }),
    startLocal: t.field({ type: 'LocalTime', required: true }),
    duration: t.field({ type: 'Duration', required: true }),
    validFrom: t.field({ type: 'Date', required: true }),
    validTo: t.field({ type: 'Date' }),
  }),
})

const LocalRangeInputType = builder.inputType('LocalRangeInput', {
  description: 'Wall-clock time. An end of 00:00 is the midnight that ends the day.',
  fields: (t) => ({
    start: t.field({ type: 'LocalTime', required: true }),
    end: t.field({ type: 'LocalTime', required: true }),
  }),
})

const ExceptionInputType = builder.inputType('ExceptionInput', {
  fields: (t) => ({
    date: t.field({ type: 'Date', required: true }),
    closed: t.boolean({ required: true }),
    ranges: t.field({ type: [LocalRangeInputType] }),
  }),
})

const SetAvailabilityInputType = builder.inputType('SetAvailabilityInput', {
  fields: (t) => ({
    timeZone: t.field({ type: 'TimeZone', required: true }),
    rules: t.field({ type: [RuleInputType], required: true }),
    exceptions: t.field({ type: [ExceptionInputType] }),
    expectedVersion: t.int({ required: true, description: '0 the first time.' }),
  }),
})

const hoursFrom = (input: typeof SetAvailabilityInputType.$inferInput): HoursInput => ({
  timeZone: input.timeZone,
  rules: input.rules.map(({ duration, validTo, ...rule }) => ({
    ...rule,
    minutes: duration,
    validTo: validTo ?? null,
  })),
  exceptions: (input.exceptions ?? []).map(({ date, closed, ranges }) => ({
    date,
    closed,
    ranges: ranges ?? [],
  })),
})

type Change = { coachId: string; hours: HoursInput; expectedVersion: number; now: Date }

/** More are not listed: a coach with as many bookings ahead reads them as a list. */
const conflictsMax = 200

async function setHours(sql: Sql, { coachId, hours, expectedVersion, now }: Change) {
  await insertCalendar(sql, coachId)
  // Whoever holds a slot at this moment either comes before, and is looked at below, or sees the new hours.
  await lineUp(sql, { coachId })
  const { timeZone } = hours
  if (!(await updateCalendar(sql, { coachId, timeZone, expectedVersion }))) {
    return userError(
      'ConflictError',
      'Your hours were changed elsewhere. Read them again and send your change with their version.',
      ['expectedVersion'],
    )
  }
  await replaceHours(sql, coachId, hours)
  await emit(sql, {
    topic: 'bookings.availability-changed',
    entityId: coachId,
    payload: { coachId, version: expectedVersion + 1 },
  })
  const upcoming = await upcomingOfCoach(sql, { coachId, now, limit: 2_000 })
  const conflicting = uncovered(hours, upcoming).slice(0, conflictsMax)
  return {
    __typename: 'AvailabilitySet' as const,
    coachId,
    conflicting: conflicting.map((it) => it.id),
  }
}

function ownCoach({ viewer }: Context): string {
  const coachId = ownCoachId(viewer)
  if (!coachId) throw new AppError('FORBIDDEN', 'Only a coach has hours.')
  return coachId
}

builder.mutationField('setAvailability', (t) =>
  t.field({
    ...requires(['coach']),
    type: SetAvailabilityResultType,
    description: "Replaces the weekly rules and the exceptions of the caller's own calendar.",
    args: { input: t.arg({ type: SetAvailabilityInputType, required: true }) },
    resolve: async (_, { input }, context) => {
      const coachId = ownCoach(context)
      const hours = hoursFrom(input)
      const fault = hoursFault(hours)
      if (fault) return fault
      const { expectedVersion } = input
      const now = context.now()
      const result = await context.db.write((sql) =>
        setHours(sql, { coachId, hours, expectedVersion, now }),
      )
      context.availabilityOf.clear(coachId)
      return result
    },
  }),
)
