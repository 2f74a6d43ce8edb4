import type { GraphiQLProps } from 'graphiql'
import { type DocumentNode, type ExecutionResult, getOperationAST } from 'graphql'
import { lastRun, type RunCost, type Trace } from './last-run.ts'
import { lensHeaders } from './lens.ts'
import { resultsOf } from './stream.ts'

type Fetcher = GraphiQLProps['fetcher']
type FetcherParams = Parameters<Fetcher>[0]
type FetcherReturnType = Awaited<ReturnType<Fetcher>>

const answers = 'application/graphql-response+json, application/json'
const events = 'text/event-stream'

type Ask = { params: FetcherParams; headers: Record<string, string>; accept: string }

/** With the session's cookie, which no script can read; the browser adds Origin by itself. */
const ask = ({ params, headers, accept }: Ask, signal?: AbortSignal): Promise<Response> =>
  fetch('/graphql', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { ...headers, 'content-type': 'application/json', accept },
    body: JSON.stringify(params),
    ...(signal && { signal }),
  })

const isJson = (response: Response): boolean =>
  /json/.test(response.headers.get('content-type') ?? '')

/** What the gateway says, or, when something else answered, a result that says so. */
async function resultFrom(response: Response): Promise<ExecutionResult> {
  if (isJson(response)) return response.json()
  const message = `${response.status} ${response.statusText}`.trim()
  // GraphiQL shows a result as JSON: it need not be an instance of GraphQLError.
  return { errors: [{ message }] } as unknown as ExecutionResult
}

/** Leaving the iteration closes the connection, also while nothing comes. */
async function subscribe(request: Omit<Ask, 'accept'>): Promise<FetcherReturnType> {
  const aborter = new AbortController()
  const response = await ask({ ...request, accept: events }, aborter.signal)
  const isStream = response.headers.get('content-type')?.startsWith(events)
  if (!isStream || !response.body) return resultFrom(response)
  const results = resultsOf(response.body, async (lastId) => {
    const headers = { ...request.headers, 'last-event-id': lastId }
    const again = await ask({ ...request, headers, accept: events }, aborter.signal)
    return again.ok ? again.body : null
  })
  const iterator: AsyncIterableIterator<ExecutionResult> = {
    next: () =>
      results.next().catch((error: unknown) => {
        if (aborter.signal.aborted) return { done: true, value: undefined }
        throw error
        // What the gateway streams are results: GraphiQL shows them as they are.
      }) as Promise<IteratorResult<ExecutionResult>>,
    return: async () => {
      aborter.abort()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => iterator,
  }
  return iterator
}

const isSubscription = (document: DocumentNode | undefined, name: string | null | undefined) =>
  document !== undefined && getOperationAST(document, name)?.operation === 'subscription'

/** By which the schema is read: nobody has run it. */
const isIntrospection = ({ operationName }: FetcherParams) => operationName === 'IntrospectionQuery'

const toldOfRuns = { 'x-plexus-cost': 'true', 'x-plexus-trace': 'true' }

type Told = { readonly cost?: RunCost; readonly trace?: Trace }

/** What the gateway tells beside the answer is for the panes; what it has answered stays as it is. */
function noted({ extensions, ...result }: ExecutionResult, params: FetcherParams): ExecutionResult {
  // What else is there nobody has asked for.
  const { cost, trace, ...rest }: Told & Record<string, unknown> = extensions ?? {}
  lastRun.set({
    query: params.query,
    operationName: params.operationName ?? null,
    ...{ trace: trace ?? null, cost: cost ?? null },
  })
  return Object.keys(rest).length > 0 ? { ...result, extensions: rest } : result
}

/** GraphiQL's way to the graph: queries and mutations as JSON, subscriptions as an event stream. */
export const fetcher: Fetcher = async (params, options) => {
  if (isIntrospection(params)) {
    const headers = lensHeaders('schema')
    return resultFrom(await ask({ params, headers, accept: answers }))
  }
  const headers = { ...options?.headers, ...lensHeaders('operation') }
  if (isSubscription(options?.documentAST, params.operationName))
    return subscribe({ params, headers })
  const told = await ask({ params, headers: { ...headers, ...toldOfRuns }, accept: answers })
  return noted(await resultFrom(told), params)
}
