import { z } from 'zod'
import { isErrorCode } from '#kit/errors'
import { errorCodes } from '#schema/errors'
import { type Fault, type ProblemPlace, problemResponse } from '../../problem.ts'
import { statusOfRefusal } from '../../refusals.ts'
import type { Signature } from './signature.ts'

const GraphError = z.object({
  message: z.string(),
  path: z.array(z.union([z.string(), z.number()])).optional(),
  extensions: z.looseObject({ code: z.string().default('INTERNAL') }).prefault({}),
})
type GraphError = z.infer<typeof GraphError>

const Graph = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(GraphError).default([]),
})

/** A member of a result that is a `UserError`. */
const Refusal = z.looseObject({
  code: z.string(),
  message: z.string(),
  path: z.array(z.string()).nullish(),
  retryAfterSeconds: z.number().optional(),
})
type Refusal = z.infer<typeof Refusal>

type Asked = {
  readonly signature: Signature
  readonly place: ProblemPlace
  /** The path named one thing: then nothing is no answer. */
  readonly isOneThing: boolean
}

/**
 * The graph's answer as that of a resource: the value of the one root field, or `data` where there
 * are several. What is missing below that is null, and listed in `x-plexus-errors`.
 */
export async function resourceOf(graph: Response, asked: Asked): Promise<Response> {
  const { data, errors } = Graph.parse(await graph.json())
  const headers = new Headers(graph.headers)
  for (const name of ['content-length', 'content-encoding']) headers.delete(name)
  const { roots, refusing } = asked.signature
  const [first = ''] = roots
  const answered = data && Object.values(data).some((value) => value !== null)
  if (!data || (!answered && errors.length > 0))
    return failed(errors, graph.status, { ...asked, headers })
  const refusal = [...refusing].map(([root, names]) => refusalIn(data[root], names)).find(Boolean)
  if (refusal) return refused(refusal, { ...asked, headers })
  const value = roots.length === 1 ? data[first] : data
  if (asked.isOneThing && value === null) return nothing(asked.place)
  if (errors.length > 0)
    headers.set('x-plexus-errors', errors.slice(0, 20).map(inShort).sort().join(', '))
  headers.set('content-type', 'application/json; charset=utf-8')
  return new Response(JSON.stringify(value), { headers })
}

/** A value that does not tell its type is one when it looks like one. */
function refusalIn(value: unknown, names: ReadonlySet<string>): Refusal | undefined {
  const { data } = Refusal.safeParse(value)
  const name = data?.__typename
  return typeof name === 'string' && !names.has(name) ? undefined : data
}

/** Where and what: `UNAVAILABLE coach.services`; a name in a document is a word of ASCII. */
const inShort = ({ path = [], extensions: { code } }: GraphError) =>
  `${code} ${path.join('.')}`.trim()

const nothing = (place: ProblemPlace) =>
  problemResponse(
    { status: 404, code: 'NOT_FOUND', detail: 'There is nothing of that name.' },
    place,
  )

type Failed = Asked & { readonly headers: Headers }

/** The status of a failure that is another thing for an address than for a document. */
const ownStatuses: Readonly<Record<string, number>> = { OPERATION_NOT_REGISTERED: 404 }

const statusOf = (code: string) =>
  ownStatuses[code] ?? errorCodes[isErrorCode(code) ? code : 'INTERNAL'].http

/** The gravest of the errors, with the status of its code. */
function failed(errors: readonly GraphError[], graphStatus: number, { place, headers }: Failed) {
  const gravest = errors.toSorted(
    (a, b) => statusOf(b.extensions.code) - statusOf(a.extensions.code),
  )[0]
  const code = gravest?.extensions.code ?? 'INTERNAL'
  // Of a status without a code of its own the graph knows more.
  const status = code === 'BAD_REQUEST' && graphStatus >= 400 ? graphStatus : statusOf(code)
  const detail = gravest?.message ?? 'There is no answer.'
  const faults = errors.filter((error) => error.extensions.code === code).flatMap(faultOf)
  return problemResponse({ status, code, detail, errors: faults }, place, headers)
}

/** Source: graphql-js, getVariableValues. */
const aboutVariable = /^Variable "\$(\w+)" (?:got invalid value .*?(?: at "([^"]+)")?; )?(.*)$/s

function faultOf({ message, extensions: { code } }: GraphError): Fault[] {
  if (code !== 'BAD_USER_INPUT') return []
  const [, variable, path, detail = message] = aboutVariable.exec(message) ?? []
  const name = path ?? variable
  return name === undefined ? [] : [{ name, detail }]
}

function refused({ code, message, path, ...rest }: Refusal, { place, headers }: Failed): Response {
  const { __typename: _, retryAfterSeconds, ...members } = rest
  if (retryAfterSeconds !== undefined) headers.set('retry-after', String(retryAfterSeconds))
  const errors = path && path.length > 0 ? [{ name: path.join('.'), detail: message }] : []
  const told = { status: statusOfRefusal(code), code, detail: message, errors }
  return problemResponse({ ...told, extensions: members }, place, headers)
}
