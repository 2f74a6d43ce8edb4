import { createBuilder } from '#kit/builder'
import type { Context } from './context.ts'

export const {
  builder,
  NodeType,
  UserErrorType,
  ValidationErrorType,
  NotFoundErrorType,
  ConflictErrorType,
} = createBuilder<Context>(['Date', 'DateTime', 'TimeZone'])
