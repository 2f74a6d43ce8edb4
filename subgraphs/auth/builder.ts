import { createBuilder } from '#kit/builder'
import type { Context } from './context.ts'

export const { builder, NodeType, ValidationErrorType, NotFoundErrorType, ConflictErrorType } =
  createBuilder<Context>(['DateTime'])
