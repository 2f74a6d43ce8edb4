import { createBuilder } from '#kit/builder'
import type { Context } from './context.ts'

export const { builder, ValidationErrorType, NotFoundErrorType, ConflictErrorType } =
  createBuilder<Context>(['DateTime'])
