import { createBuilder } from '#kit/builder'
import type { Context } from './context.ts'

export const { builder, NodeType, UserErrorType, ValidationErrorType, ConflictErrorType } =
  createBuilder<Context>(['Date', 'DateTime', 'TimeZone'])
