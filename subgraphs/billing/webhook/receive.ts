import { AppError, errorResponse } from '#kit/errors'
import { isUuid } from '#kit/id'
import type { Ports } from '../context.ts'
import type { PaymentEvent } from '../payment/provider.ts'
import { workOn } from './apply.ts'
import { claimDelivery, isHandled, noteFailure } from './queries.ts'

type Deps = Pick<Ports, 'provider' | 'system' | 'now' | 'log'>

export const webhookPath = '/webhooks/stripe'
const bodyBytesMax = 262_144

/** Throws BODY_TOO_LARGE without reading on. */
async function bodyOf(request: Request): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > bodyBytesMax) throw new AppError('BODY_TOO_LARGE', 'The event is too large.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

const deliveryOf = (event: PaymentEvent, receivedAt: Date) => ({
  provider: 'stripe',
  eventId: event.id,
  type: event.type,
  // Metadata is what somebody wrote on an object of the account; ours is a uuid.
  paymentId: event.paymentId !== null && isUuid(event.paymentId) ? event.paymentId : null,
  checkoutId: event.checkoutId,
  intentId: event.intentId,
  stripeRefundId: event.stripeRefundId,
  receivedAt,
})

/** Notes the event and does its work in one transaction: both or neither, and once. */
async function handle(event: PaymentEvent, deps: Deps): Promise<void> {
  const { system, now } = deps
  const delivery = deliveryOf(event, now())
  if (await system.read((sql) => isHandled(sql, delivery))) return
  const work = await workOn(delivery, deps)
  await system.write(async (sql) => {
    const status = work ? 'PROCESSED' : 'IGNORED'
    if (await claimDelivery(sql, { ...delivery, status })) await work?.(sql)
  })
}

/** What an administrator may read of it. */
const textOf = (error: unknown) =>
  error instanceof AppError ? error.message : 'It failed on our side; see the log.'

async function receive(request: Request, deps: Deps): Promise<Response> {
  const { provider, system, now, log } = deps
  if (request.method !== 'POST')
    throw new AppError('METHOD_NOT_ALLOWED', 'Events are sent by POST.')
  const body = await bodyOf(request)
  const event = await provider.eventFrom(body, request.headers.get('stripe-signature'))
  try {
    await handle(event, deps)
  } catch (error) {
    const failed = { ...deliveryOf(event, now()), lastError: textOf(error) }
    await system
      .write((sql) => noteFailure(sql, failed))
      .catch((cause: unknown) => log.warn(`The failure of ${event.id} was not noted`, cause))
    throw error
  }
  // Only now: until then the provider must send it again.
  return Response.json({ received: true })
}

/**
 * Answers the provider's webhooks: who sends one proves it by its signature. Never throws; anything but 2xx has the
 * provider try again later.
 */
export const webhookEndpoint = (deps: Deps) => async (request: Request) => {
  const requestId = request.headers.get('x-request-id') ?? crypto.randomUUID()
  return receive(request, deps).catch((error: unknown) => errorResponse(error, requestId, deps.log))
}
