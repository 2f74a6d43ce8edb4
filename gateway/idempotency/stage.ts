import { createHash } from 'node:crypto'
import { type GraphQLSchema, type OperationDefinitionNode, OperationTypeNode, parse } from 'graphql'
import { operationIn } from '#kit/document/operation'
import { AppError } from '#kit/errors'
import { fingerprintOf } from '#kit/idempotency'
import type { Log } from '#kit/log'
import type { Json } from '#kit/postgres'
import type { Quota } from '../admission/quota.ts'
import { startDeadline } from '../deadline.ts'
import type { Exchange, Stage } from '../exchange.ts'
import type { Claimed, IdempotentAnswers, KeptAnswer } from './answers.ts'
import { type InnerKeys, innerKeysOf, withInnerKeys } from './inner-keys.ts'
import { isFinal } from './outcome.ts'

type Variables = Readonly<Record<string, unknown>>

/** What a request asks for, when its caller may run it. */
export type Asked = {
  readonly text: string
  readonly operationName: string | null
  readonly variables: Variables | null
}

export type IdempotencyDeps = {
  readonly answers: IdempotentAnswers
  /** Null for a request that will be refused. */
  readonly askedBy: (exchange: Exchange) => Promise<Asked | null>
  /** Of the graph that is served, as clients see it. */
  readonly schema: () => GraphQLSchema
  /** To ask what a key stands for costs a point. */
  readonly quota: Quota
  readonly deadlineMs: number
  readonly log: Log
}

export const keyHeader = 'idempotency-key'
const keyLengthMax = 255

/**
 * A mutation with a key is carried out once, and answered alike for 24 hours: by Stripe's rules, with
 * draft-ietf-httpapi-idempotency-key-header's name for the key. It is carried out to its end also
 * when its client has gone: that is when somebody asks again.
 */
export const idempotent =
  (deps: IdempotencyDeps): Stage =>
  async (exchange, next) => {
    const key = exchange.request.headers.get(keyHeader)
    if (key === null || exchange.request.method !== 'POST') return next()
    if (key === '' || key.length > keyLengthMax)
      throw new AppError('BAD_REQUEST', `An idempotency key has 1 to ${keyLengthMax} characters.`)
    const asked = await deps.askedBy(exchange)
    const mutation = asked && mutationIn(asked)
    if (!asked || !mutation) return next()
    const inner = innerKeysOf(mutation, deps.schema())
    const claim = {
      hash: hashOf(principalOf(exchange), key),
      fingerprint: fingerprintIn(asked),
      isRepeatable: inner.isWhole,
    }
    // Who has nothing left to spend keeps no database busy.
    const drawing = await deps.quota(exchange, 1)
    drawing?.settle(1)
    const claimed = await deps.answers.claim(claim)
    if (claimed.is !== 'claimed') return again(claimed)
    fillIn(exchange, { asked, inner, key })
    return carriedOut(exchange, next, { ...deps, ...claim, attempt: claimed.attempt })
  }

/** Null for a query or a subscription, and for what is no document. */
function mutationIn({ text, operationName }: Asked): OperationDefinitionNode | null {
  try {
    const operation = operationIn(parse(text), operationName)
    return operation.operation === OperationTypeNode.MUTATION ? operation : null
  } catch {
    return null
  }
}

/** Nobody is known by where they come from: a key of theirs is as good as it is hard to guess. */
const principalOf = ({ credential, clientId, viewer, clientAddress }: Exchange) =>
  JSON.stringify([credential, clientId, viewer?.id ?? clientAddress, viewer?.actor ?? null])

const hashOf = (...parts: readonly string[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest()

const fingerprintIn = ({ text, operationName, variables }: Asked): Buffer =>
  // They were read from JSON.
  fingerprintOf({ text, operationName, variables: variables as Json })

type Filling = { readonly asked: Asked; readonly inner: InnerKeys; readonly key: string }

/** Subgraphs know the mutation again, too: by a key that is made of this one, where none is given. */
function fillIn(exchange: Exchange, { asked, inner, key }: Filling): void {
  const keyFor = (variable: string) =>
    hashOf(principalOf(exchange), key, variable).toString('base64url')
  const variables = withInnerKeys(asked.variables ?? {}, inner, keyFor)
  if (!variables || exchange.bodyText === null) return
  exchange.bodyText = JSON.stringify({ ...JSON.parse(exchange.bodyText), variables })
}

type Attempt = IdempotencyDeps & {
  readonly hash: Buffer
  readonly attempt: string
  readonly isRepeatable: boolean
}

async function carriedOut(
  exchange: Exchange,
  next: () => Promise<Response>,
  attempt: Attempt,
): Promise<Response> {
  const deadline = startDeadline(new AbortController().signal, attempt.deadlineMs)
  exchange.signal = deadline.signal
  exchange.request = withoutSignal(exchange)
  try {
    const response = await next()
    const body = await response.text()
    await settled(attempt, exchange, {
      ...{ status: response.status, body },
      contentType: response.headers.get('content-type') ?? 'application/json',
    })
    return new Response(body, { status: response.status, headers: response.headers })
  } catch (error) {
    // What was begun, and cannot be repeated, may have been carried out: its key is lost.
    if (!exchange.mayHaveChanged || attempt.isRepeatable) await released(attempt)
    throw error
  } finally {
    deadline.clear()
  }
}

/** The same request, of a client that cannot go away. */
const withoutSignal = ({ request, bodyText }: Exchange) =>
  new Request(request.url, { method: 'POST', headers: request.headers, body: bodyText })

type Answer = KeptAnswer & { readonly body: string }

async function settled(attempt: Attempt, { mayHaveChanged }: Exchange, answer: Answer) {
  const { answers, isRepeatable, log } = attempt
  if (!isFinal({ hasRun: mayHaveChanged, isRepeatable, body: answer.body }))
    return released(attempt)
  await answers
    .keep(attempt, answer)
    .catch((error: unknown) => log.error('The answer to a request with a key was not kept', error))
}

/** A key that is not freed is so by itself when its lease is over. */
const released = (attempt: Attempt) =>
  attempt.answers
    .release(attempt)
    .catch((error: unknown) => attempt.log.warn('The key of a request was not freed', error))

const lostKey =
  'Nobody knows whether the request with this idempotency key was carried out. ' +
  'Look, and use another key to try again.'

const refusals = {
  running: () =>
    new AppError('IDEMPOTENCY_IN_FLIGHT', 'The request with this key is being carried out.'),
  other: () =>
    new AppError('IDEMPOTENCY_MISMATCH', 'This idempotency key was used for another request.'),
  lost: () => new AppError('CONFLICT', lostKey),
}

function again(claimed: Exclude<Claimed, { is: 'claimed' }>): Response {
  if (claimed.is !== 'answered') throw refusals[claimed.is]()
  const { status, contentType, body } = claimed.answer
  if (body === null)
    throw new AppError('CONFLICT', 'The request was carried out; its answer was not kept.')
  const headers = { 'content-type': contentType, 'cache-control': 'private, no-store' }
  return new Response(body, { status, headers: { ...headers, 'idempotent-replayed': 'true' } })
}
