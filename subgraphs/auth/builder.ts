import { createBuilder } from '#kit/builder'
import type { Context } from './context.ts'

export const {
  builder,
  NodeType,
  UserErrorType,
  ValidationErrorType,
  NotFoundErrorType,
  ForbiddenErrorType,
  ConflictErrorType,
} = createBuilder<Context>(['DateTime'])
