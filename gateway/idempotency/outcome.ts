import { z } from 'zod'
import { isErrorCode } from '#kit/errors'
import { type ErrorCode, errorCodes } from '#schema/errors'

/** Said before anything is done, or by a subgraph that has done nothing. */
const refusals: ReadonlySet<unknown> = new Set<ErrorCode>([
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'DOCUMENT_TOO_COMPLEX',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'UNAUTHORIZED_FIELD_OR_TYPE',
  'RATE_LIMITED',
])

const Answer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ extensions: z.object({ code: z.unknown() }) })).default([]),
})

type Outcome = {
  /** Whether the mutation was begun. */
  readonly hasRun: boolean
  readonly isRepeatable: boolean
  readonly body: string
}

/**
 * Whether an answer is the answer for good. Not one of a mutation that was refused; nor a failure
 * that may pass, of one that can be carried out again under keys of its own.
 */
export function isFinal({ hasRun, isRepeatable, body }: Outcome): boolean {
  if (!hasRun) return false
  const answer = Answer.safeParse(jsonFrom(body)).data
  if (!answer) return true
  const hasData = Object.values(answer.data ?? {}).some((value) => value !== null)
  const codes = answer.errors.map(({ extensions }) => extensions.code)
  if (hasData || codes.length === 0) return true
  if (codes.every((code) => refusals.has(code))) return false
  return !(isRepeatable && codes.every(mayPass))
}

const mayPass = (code: unknown) =>
  refusals.has(code) || code === 'INTERNAL' || (isErrorCode(code) && errorCodes[code].retry)

function jsonFrom(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
