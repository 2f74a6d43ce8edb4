type FaultBody = {
  readonly type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error'
  readonly message: string
  readonly code?: string
  readonly decline_code?: string
  readonly param?: string
}

/** What the sandbox refuses, in Stripe's own shape. */
export class StripeFault extends Error {
  readonly status: number
  readonly body: FaultBody

  constructor(status: number, body: FaultBody) {
    super(body.message)
    this.name = 'StripeFault'
    this.status = status
    this.body = body
  }
}

type Place = { readonly code?: string; readonly param?: string }

/** A request that can never be right. */
export const invalidRequest = (message: string, place: Place = {}) =>
  new StripeFault(400, { type: 'invalid_request_error', message, ...place })

export const noSuch = (kind: string, id: string, param = 'id') =>
  new StripeFault(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${kind}: '${id}'`,
    param,
  })
