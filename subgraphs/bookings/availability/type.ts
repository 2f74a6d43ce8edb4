import { toGlobalId } from '#kit/id'
import { builder } from '../builder.ts'
import { CoachType } from '../coach/type.ts'
import type { AvailabilityRow, ExceptionRow, RuleRow } from './queries.ts'
import type { LocalRange } from './windows.ts'

const AvailabilityRuleType = builder.objectRef<RuleRow>('AvailabilityRule').implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => toGlobalId('AvailabilityRule', id) }),
    rrule: t.exposeString('rrule'),
    startLocal: t.expose('startLocal', { type: 'LocalTime' }),
    duration: t.expose('minutes', { type: 'Duration' }),
    validFrom: t.expose('validFrom', { type: 'Date' }),
    validTo: t.expose('validTo', { type: 'Date', nullable: true }),
  }),
})

const LocalRangeType = builder.objectRef<LocalRange>('LocalRange').implement({
  fields: (t) => ({
    start: t.expose('start', { type: 'LocalTime' }),
    end: t.expose('end', { type: 'LocalTime' }),
  }),
})

const AvailabilityExceptionType = builder
  .objectRef<ExceptionRow>('AvailabilityException')
  .implement({
    fields: (t) => ({
      id: t.id({ resolve: ({ id }) => toGlobalId('AvailabilityException', id) }),
      date: t.expose('date', { type: 'Date' }),
      closed: t.exposeBoolean('closed'),
      ranges: t.field({ type: [LocalRangeType], resolve: ({ ranges }) => [...ranges] }),
    }),
  })

export const AvailabilityType = builder.objectRef<AvailabilityRow>('Availability').implement({
  fields: (t) => ({
    timeZone: t.expose('timeZone', { type: 'TimeZone' }),
    rules: t.field({ type: [AvailabilityRuleType], resolve: ({ rules }) => [...rules] }),
    exceptions: t.field({
      type: [AvailabilityExceptionType],
      args: {
        from: t.arg({ type: 'Date', required: true }),
        to: t.arg({ type: 'Date', required: true }),
      },
      resolve: ({ exceptions }, { from, to }) =>
        exceptions.filter(({ date }) => date >= from && date <= to),
    }),
    version: t.exposeInt('version'),
  }),
})

builder.objectField(CoachType, 'availability', (t) =>
  t.field({
    type: AvailabilityType,
    nullable: true,
    description:
      "Weekly rules and exceptions, in the coach's own zone. Null until the coach has set them.",
    resolve: async ({ id }, _, { availabilityOf }) => {
      const availability = await availabilityOf.load(id)
      return availability && availability.version > 0 ? availability : null
    },
  }),
)
