import { lensHeaders } from './lens.ts'
import type { FetchCost, PlannedFetch } from './panes/plan-tree.ts'

/** What the gateway refused, by its code; `message` is in English. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export type Plan = {
  readonly operation: { readonly kind: string; readonly name: string | null }
  readonly role: string | null
  readonly withheld: readonly string[]
  readonly cost: {
    readonly estimated: number
    readonly max: number
    readonly faults: readonly string[]
  } | null
  readonly denied: readonly string[]
  readonly fetches: readonly (PlannedFetch & { readonly cost: FetchCost | null })[] | null
}

export type SavedOperation = {
  readonly id: string
  readonly title: string
  readonly document: string
  readonly variables: string
  readonly shared: boolean
  readonly own: boolean
  readonly version: number
  readonly updatedAt: string
}

export type Written = Pick<SavedOperation, 'title' | 'document' | 'variables' | 'shared'>

type Asked = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

type Answer = { errors?: readonly { message: string; extensions?: { code?: string } }[] }

/** The JSON of an answer. Throws Refusal, also when nothing that answers is reached. */
async function ask<Body>(path: string, { method = 'GET', body, headers }: Asked): Promise<Body> {
  const response = await fetch(path, {
    ...{ method, credentials: 'same-origin', cache: 'no-store' },
    headers: {
      ...{ ...headers, accept: 'application/json' },
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new Refusal('UNAVAILABLE', String(cause))
  })
  const answer: Body & Answer = await response.json().catch(() => ({}))
  const [error] = answer.errors ?? []
  if (error) throw new Refusal(error.extensions?.code ?? '', error.message)
  if (!response.ok) throw new Refusal('', `${response.status} ${response.statusText}`.trim())
  return answer
}

type Text = {
  readonly query: string
  readonly operationName: string | null
  readonly variables: unknown
}

export const planOf = (text: Text): Promise<Plan> =>
  ask('/explorer/plan', { method: 'POST', body: text, headers: lensHeaders('operation') })

const saved = '/explorer/operations'

export const savedOperations = async (): Promise<readonly SavedOperation[]> =>
  (await ask<{ operations: readonly SavedOperation[] }>(saved, {})).operations

export const addOperation = (operation: Written): Promise<unknown> =>
  ask(saved, { method: 'POST', body: operation })

/** Throws Refusal CONFLICT when it was changed since. */
export const changeOperation = (
  { id, version }: SavedOperation,
  operation: Written,
): Promise<unknown> => ask(`${saved}/${id}`, { method: 'PUT', body: { ...operation, version } })

export const removeOperation = ({ id, version }: SavedOperation): Promise<unknown> =>
  ask(`${saved}/${id}?version=${version}`, { method: 'DELETE' })

const publishOperations = `mutation ExplorerPublish($input: PublishOperationsInput!) {
  publishOperations(input: $input) {
    __typename
    ... on OperationsPublished {
      accepted
      unchanged
      operations {
        name
        hash
        cost
      }
    }
    ... on OperationRejectedError {
      code
      message
      cost
      limit
    }
    ... on ValidationError {
      message
    }
  }
}`

export type Publication = {
  readonly clientName: string
  readonly clientVersion: string
  readonly operations: readonly { readonly name: string; readonly document: string }[]
}

export type Published =
  | {
      readonly __typename: 'OperationsPublished'
      readonly accepted: number
      readonly unchanged: number
      readonly operations: readonly {
        readonly name: string
        readonly hash: string
        readonly cost: number
      }[]
    }
  | {
      readonly __typename: 'OperationRejectedError'
      readonly code: string
      readonly message: string
      readonly cost: number | null
      readonly limit: number
    }
  | { readonly __typename: 'ValidationError'; readonly message: string }

export async function publish(input: Publication): Promise<Published> {
  const body = { query: publishOperations, variables: { input } }
  const answer = await ask<{ data?: { publishOperations?: Published } }>('/graphql', {
    ...{ method: 'POST', body },
  })
  if (answer.data?.publishOperations) return answer.data.publishOperations
  throw new Refusal('', 'The answer has no data.')
}
