import { z } from 'zod'
import { AppError } from '#kit/errors'
import type { Exchange, Stage } from '../exchange.ts'
import type { Registry } from '../operations/registry.ts'
import { runRegistered } from '../operations/run.ts'
import { statusOfRefusal } from '../refusals.ts'

/** From the name in the address to that of the registered operation which it runs. */
export const functions: Readonly<Record<string, string>> = {
  'create-account-secure': 'CreateAccountSecure',
  authentication: 'Authentication',
  'generate-password': 'GeneratePassword',
  'generate-2fa': 'Generate2fa',
  'verify-2fa': 'Verify2fa',
}

const Variables = z.record(z.string(), z.unknown(), 'Send the variables as a JSON object.')

async function variablesOf(exchange: Exchange): Promise<unknown> {
  const text = exchange.bodyText ?? (await exchange.request.text())
  try {
    return Variables.parse(JSON.parse(text === '' ? '{}' : text))
  } catch (cause) {
    throw new AppError('BAD_REQUEST', 'Send the variables as a JSON object.', { cause })
  }
}

/** The answer of a graph that gave none to its one field says by itself what was wrong. */
const Answered = z.object({ data: z.record(z.string(), z.record(z.string(), z.unknown())) })
const Refusal = z.object({ code: z.string(), retryAfterSeconds: z.number().optional() })

/** The field's JSON alone, under the status of what it is. */
function answerOf(graph: Response, body: unknown): Response {
  const headers = new Headers(graph.headers)
  headers.set('content-type', 'application/json')
  const [field] = Object.values(Answered.safeParse(body).data?.data ?? {})
  if (!field) return new Response(JSON.stringify(body), { status: graph.status, headers })
  const refusal = Refusal.safeParse(field).data
  const seconds = refusal?.retryAfterSeconds
  if (seconds !== undefined) headers.set('retry-after', String(seconds))
  const status = refusal ? statusOfRefusal(refusal.code) : 200
  return new Response(JSON.stringify(field), { status, headers })
}

/**
 * `POST /f/<name>`: JSON variables in, the JSON of the field out. It runs a registered operation as
 * whoever asks, through every stage that the graph has.
 */
export const runFunction =
  (operationName: string, registry: Pick<Registry, 'byName'>): Stage =>
  async (exchange, next) => {
    const registered = registry.byName(operationName, ['web'])
    if (!registered) throw new AppError('NOT_FOUND', 'There is nothing at this address.')
    const variables = await variablesOf(exchange)
    const graph = await runRegistered(exchange, next, { operation: registered, variables })
    return answerOf(graph, await graph.json())
  }
