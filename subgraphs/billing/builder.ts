import { createBuilder } from '#kit/builder'
import { moneyTypeOf } from '#kit/money'
import type { Context } from './context.ts'

export const {
  builder,
  NodeType,
  UserErrorType,
  ValidationErrorType,
  NotFoundErrorType,
  ConflictErrorType,
} = createBuilder<Context>(['DateTime', 'MinorUnits'])

export const MoneyType = moneyTypeOf(builder)
