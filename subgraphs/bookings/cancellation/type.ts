import { seenBy } from '#kit/builder'
import { moneyTypeOf } from '#kit/money'
import { builder } from '../builder.ts'
import { type CancellationPolicy, type Refund, type RefundStep, stepsOf } from './rules.ts'

export const MoneyType = moneyTypeOf(builder)

const RefundStepType = builder.objectRef<RefundStep>('RefundStep').implement({
  ...seenBy.everybody,
  fields: (t) => ({
    atLeastBefore: t.field({
      type: 'Duration',
      description: 'Before the start of the session.',
      resolve: ([minutes]) => minutes,
    }),
    refundPercent: t.int({ resolve: ([, percent]) => percent }),
  }),
})

export const CancellationPolicyType = builder
  .objectRef<CancellationPolicy>('CancellationPolicy')
  .implement({
    ...seenBy.everybody,
    description:
      'What cancelling gives back to a client. When the coach cancels, it is everything.',
    fields: (t) => ({
      cancelNotice: t.expose('cancelNoticeMinutes', { type: 'Duration' }),
      steps: t.field({
        type: [RefundStepType],
        description:
          'The earliest first; none is later than the notice, and none gives more than one before it.',
        resolve: stepsOf,
      }),
    }),
  })

export const RefundPreviewType = builder.objectRef<Refund>('RefundPreview').implement({
  ...seenBy.partners,
  fields: (t) => ({
    percent: t.exposeInt('percent'),
    amount: t.field({ type: MoneyType, resolve: ({ amount }) => amount }),
    until: t.expose('until', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when this holds; null on the last step.',
    }),
  }),
})
