import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import { publicError } from '#kit/errors'
import type { Log } from '#kit/log'
import type { Exchange } from '../../exchange.ts'

/** What went wrong, in the words and by the code that GraphQL has for it. */
type Fault = {
  readonly code: string
  readonly message: string
  readonly path?: readonly (string | number)[] | undefined
  readonly requestId?: string | undefined
  /** When the same call may succeed; absent where waiting does not help. */
  readonly retryAfterSeconds?: number | undefined
  /** What the caller's token would have to be granted. */
  readonly scopes?: readonly string[] | undefined
}

const Answer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        path: z.array(z.union([z.string(), z.number()])).optional(),
        extensions: z.object({ code: z.string(), requestId: z.string().optional() }),
      }),
    )
    .default([]),
})

/** A member of a result's union that says why nothing was done. */
const Refusal = z.object({
  __typename: z.string().optional(),
  code: z.string(),
  message: z.string(),
  retryAfterSeconds: z.number().optional(),
})

const text = (value: unknown) => ({ type: 'text' as const, text: JSON.stringify(value) })

/** A call that came to nothing: the model reads the text, programs what `_meta` says of it. */
export const failedCall = (fault: Fault): CallToolResult => ({
  isError: true,
  content: [text({ error: fault })],
  _meta: { 'plexus/error': fault },
})

/** The same for what a stage threw; what is not for the client is masked, and logged. */
export function thrownCall(error: unknown, { requestId }: Exchange, log: Log): CallToolResult {
  const { message, extensions } = publicError(error, requestId, log)
  return failedCall({ code: String(extensions.code), message, requestId })
}

/** The longest that any stage says; undefined where none says anything. */
function secondsIn(...headers: readonly Headers[]): number | undefined {
  const told = headers.map((one) => Number(one.get('retry-after') ?? 0))
  return Math.max(...told) || undefined
}

/** What the graph says of an operation. */
type Known = {
  /** Those that it takes to get a whole answer. */
  readonly scopes: readonly string[]
  /** The types that say why nothing was done. */
  readonly refusals: ReadonlySet<string>
}

/** A value that does not tell its type is one when it looks like one. */
function refusalIn(value: unknown, refusals: ReadonlySet<string>): Fault | null {
  const { data } = Refusal.safeParse(value)
  if (!data) return null
  const { __typename: type, ...refusal } = data
  return type === undefined || refusals.has(type) ? refusal : null
}

/** The answer of the graph as the result of a call. */
export async function callResultOf(
  answer: Response,
  { responseHeaders }: Exchange,
  { scopes, refusals }: Known,
): Promise<CallToolResult> {
  const { data, errors } = Answer.parse(await answer.json())
  const retryAfterSeconds = secondsIn(answer.headers, responseHeaders)
  const faults = errors.map(({ message, path, extensions: { code, requestId } }) => ({
    ...{ code, message, path, requestId },
    ...(code === 'UNAUTHORIZED_FIELD_OR_TYPE' && { scopes }),
  }))
  const [first] = faults
  const found = Object.values(data ?? {}).filter((value) => value !== null)
  if (!data || (first && found.length === 0))
    return failedCall({
      code: 'INTERNAL',
      message: 'Nothing came back.',
      ...first,
      retryAfterSeconds,
    })
  const refusal = found.map((value) => refusalIn(value, refusals)).find((one) => one !== null)
  if (refusal) return { ...failedCall(refusal), structuredContent: data, content: [text(data)] }
  return {
    structuredContent: data,
    content: [text(data), ...(first ? [text({ errors: faults })] : [])],
    ...(first && { _meta: { 'plexus/errors': faults } }),
  }
}
