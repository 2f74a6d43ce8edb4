import { requires, seenBy } from '#kit/builder'
import { AppError } from '#kit/errors'
import { builder } from '../builder.ts'
import { type LoginDayRow, loginDays } from './queries.ts'

const daysMax = 366

const LoginKindType = builder.enumType('LoginKind', {
  description: 'SILENT: the sign-in at the provider was still good, and nobody saw a page.',
  values: ['PASSWORD', 'SECOND_FACTOR', 'SILENT'] as const,
})

const LoginDayType = builder.objectRef<LoginDayRow>('LoginDay').implement({
  ...seenBy.staff,
  fields: (t) => ({
    day: t.expose('day', { type: 'Date' }),
    kind: t.expose('kind', { type: LoginKindType }),
    count: t.exposeInt('count'),
  }),
})

builder.queryField('loginDays', (t) =>
  t.field({
    ...requires(['users:admin']),
    type: [LoginDayType],
    description: 'How many sign-ins there were a day (UTC), latest first.',
    args: { days: t.arg.int({ defaultValue: 30 }) },
    resolve: (_, args, { db }) => {
      const days = args.days ?? 30
      if (days >= 1 && days <= daysMax) return db.read((sql) => loginDays(sql, days))
      throw new AppError('BAD_USER_INPUT', `\`days\` must be between 1 and ${daysMax}.`)
    },
  }),
)
