import { type ExecutionResult, GraphQLError } from 'graphql'

const types = ['application/graphql-response+json', 'application/json'] as const

export type JsonType = (typeof types)[number]

/** What clients commonly send, so that the header is rarely taken apart. */
const usual: ReadonlyMap<string, JsonType> = new Map([
  ['', 'application/json'],
  ['*/*', 'application/json'],
  ...types.map((type) => [type, type] as const),
])

/**
 * The type of JSON that the client names first; null when it takes none, or none in UTF-8. For one
 * without a preference it is the older type. Source: GraphQL over HTTP, 6.1.
 */
export function jsonTypeFor(accept: string | null): JsonType | null {
  const known = usual.get(accept ?? '')
  if (known) return known
  for (const range of (accept ?? '').toLowerCase().replace(/\s/g, '').split(',')) {
    const [wanted = '', ...parameters] = range.split(';')
    const charset = parameters.find((parameter) => parameter.startsWith('charset='))
    if (charset && charset !== 'charset=utf-8') continue
    if (wanted === '*/*' || wanted === 'application/*') return 'application/json'
    const named = types.find((type) => type === wanted)
    if (named) return named
  }
  return null
}

type Told = Readonly<Record<string, string>>

const texts = new WeakMap<ExecutionResult, string>()

/** Several clients get this very result: its text is made once. */
export const keepText = (result: ExecutionResult, text = JSON.stringify(result)): void => {
  texts.set(result, text)
}

/**
 * A result that `publicResult` has made fit for the client, as JSON. A fault of the document is 200
 * for a client that reads the older type. Source: GraphQL over HTTP, 6.4.
 */
export function jsonAnswer(told: ExecutionResult, type: JsonType, headers?: Told): Response {
  const { errors } = told
  const content = { 'content-type': `${type}; charset=utf-8`, ...headers }
  if (!errors) return new Response(texts.get(told) ?? JSON.stringify(told), { headers: content })
  const decisive = errors.filter(
    ({ extensions: { http } }) => http && !(http.spec && type === 'application/json'),
  )
  return new Response(JSON.stringify({ ...told, errors: errors.map(withoutHttp) }), {
    status: Math.max(0, ...decisive.map(({ extensions }) => extensions.http?.status ?? 0)) || 200,
    headers: { ...content, ...httpHeadersOf(errors) },
  })
}

/** The same for a client that takes no JSON otherwise: the status is that of the errors. */
export const refusalOf = ({ errors = [], ...result }: ExecutionResult): Response =>
  new Response(JSON.stringify({ ...result, errors: errors.map(withoutHttp) }), {
    status: Math.max(...errors.map(({ extensions }) => extensions.http?.status ?? 500)),
    headers: { 'content-type': 'application/json; charset=utf-8', ...httpHeadersOf(errors) },
  })

const httpHeadersOf = (errors: readonly GraphQLError[]): Told =>
  Object.assign({}, ...errors.map(({ extensions }) => extensions.http?.headers))

/** What status and headers are made of is not for the client. */
function withoutHttp(error: GraphQLError): GraphQLError {
  const { http: _, unexpected: __, ...extensions } = error.extensions
  return copyOf(error, { extensions })
}

export const copyOf = (
  error: GraphQLError,
  changed: Partial<Pick<GraphQLError, 'message' | 'extensions'>>,
): GraphQLError =>
  new GraphQLError(changed.message ?? error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    extensions: changed.extensions ?? error.extensions,
  })
