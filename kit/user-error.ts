/** A failure that the form can fix: a member of a result union, never an entry of `errors`. */
export type UserError<Name extends string = string> = {
  readonly __typename: Name
  readonly code: string
  readonly message: string
  /** The path into the input that is at fault; null when it is none or all of it. */
  readonly path: readonly string[] | null
}

/** The user errors that every room may answer with, and their codes. */
export const sharedUserErrors = {
  ValidationError: 'VALIDATION',
  NotFoundError: 'NOT_FOUND',
  ForbiddenError: 'FORBIDDEN',
  ConflictError: 'CONFLICT',
} as const

export type SharedUserError = keyof typeof sharedUserErrors

/** One of the shared user errors, with the message a person reads. */
export const userError = <Name extends SharedUserError>(
  name: Name,
  message: string,
  path: readonly string[] | null = null,
): UserError<Name> => ({ __typename: name, code: sharedUserErrors[name], message, path })

type Fault = { readonly message: string; readonly path: readonly PropertyKey[] }

/** The first fault that a schema found in an input, with its path. */
export const firstFault = ([fault]: readonly Fault[]): UserError<'ValidationError'> =>
  userError('ValidationError', fault?.message ?? 'Not valid.', fault?.path.map(String) ?? null)
