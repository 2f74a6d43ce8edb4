import { OperationTypeNode } from 'graphql'
import { traceparent } from '#kit/trace'
import type { Attempt } from './transport.ts'

/** What is sent, whichever way it goes. */
export type Sent = {
  readonly method: 'POST'
  readonly headers: Record<string, string>
  readonly body: string
}

export const eventType = 'text/event-stream'
const jsonTypes = 'application/graphql-response+json, application/json'
const streamTypes = `${eventType}, ${jsonTypes}`

export function sentOf({ body, kind, credentials, requestId, lastEventId }: Attempt): Sent {
  const headers: Record<string, string> = {
    ...credentials,
    // Within a network it costs more to compress than to send.
    'accept-encoding': 'identity',
    accept: kind === OperationTypeNode.SUBSCRIPTION ? streamTypes : jsonTypes,
    'content-type': 'application/json',
    'x-request-id': requestId,
  }
  if (lastEventId !== null) headers['last-event-id'] = lastEventId
  const parent = traceparent()
  if (parent !== null) headers.traceparent = parent
  return { method: 'POST', headers, body }
}
