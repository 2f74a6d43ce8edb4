import { z } from 'zod'
import type { ErrorCode } from '#schema/errors'
import { exchangeOf, type Stage } from '../../exchange.ts'
import { takingTurns } from '../../turns.ts'
import type { Supergraph } from '../supergraph/index.ts'
import type { Transport } from '../transport/transport.ts'
import { type GuardedField, guardedFieldsIn } from './guarded-fields.ts'
import { placeholderTransport, schemaOf } from './placeholder.ts'
import { probeFor, withDoors } from './probe.ts'

export type SelfTestDeps = {
  readonly supergraph: Supergraph
  /**
   * Builds the stages that answer GraphQL exactly as for real requests, but over the given
   * subgraphs.
   */
  readonly graphOver: (
    supergraph: Supergraph,
    transports: ReadonlyMap<string, Transport>,
  ) => Stage | Promise<Stage>
}

/**
 * Asks for every guarded field as nobody, through the whole pipeline, of subgraphs that would
 * answer anything. Resolves to the fields that refused. Rejects, naming them, when any answers or
 * cannot even be asked for.
 */
export async function selfTest({ supergraph, graphOver }: SelfTestDeps): Promise<string[]> {
  const guarded = guardedFieldsIn(supergraph.document)
  if (guarded.length === 0) return []
  const turn = takingTurns()
  const document = withDoors(supergraph.document, guarded)
  const schema = schemaOf(document)
  await turn()
  const asked = new Set<string>()
  const transport = placeholderTransport(schema, (field) => asked.add(field))
  const names = [...supergraph.subgraphNames.values()]
  const graph = await graphOver(
    { ...supergraph, document },
    new Map(names.map((name) => [name, transport])),
  )
  const faults: string[] = []
  for (const one of guarded) {
    await turn()
    asked.clear()
    const isRefused = refuses(await answerTo(graph, probeFor(schema, one)))
    if (!isRefused || asked.has(one.field.name.value)) faults.push(nameOf(one))
  }
  if (faults.length === 0) return guarded.map(nameOf)
  throw new Error(`These fields carry a rule that is not in force: ${faults.join(', ')}.`)
}

const nameOf = ({ parent, field }: GuardedField) => `${parent.name.value}.${field.name.value}`

async function answerTo(graph: Stage, query: string): Promise<unknown> {
  const request = new Request('http://self-test/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ query }),
  })
  const info = { requestId: 'self-test', clientAddress: 'self-test' }
  const response = await graph(exchangeOf(request, info, new AbortController().signal), () =>
    Promise.reject(new Error('The graph must answer.')),
  )
  const { headers, body } = response
  if (!headers.get('content-type')?.startsWith('text/event-stream')) return response.json()
  // A refusal opens no stream.
  await body?.cancel()
  return null
}

const code: ErrorCode = 'UNAUTHORIZED_FIELD_OR_TYPE'

/** One error of the right code, and not one value: a probe asks for a single field. */
const Refusal = z.object({
  data: z
    .unknown()
    .refine((data) => !holdsValue(data))
    .optional(),
  errors: z.tuple([z.object({ extensions: z.object({ code: z.literal(code) }) })]),
})

const refuses = (answer: unknown) => Refusal.safeParse(answer).success

const holdsValue = (data: unknown): boolean =>
  typeof data === 'object' && data !== null
    ? Object.values(data).some(holdsValue)
    : data !== null && data !== undefined
