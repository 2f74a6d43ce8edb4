import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql'
import { AppError } from '#kit/errors'
import { operationIn } from '../../operation.ts'
import { createRecent } from '../../recent.ts'
import {
  fieldsIn,
  type Guarded,
  onlyOperation,
  rulesIn,
  withoutDenied,
} from '../authorize/index.ts'
import { permits, type Rule, type Rules } from '../authorize/rules.ts'
import type { Engine, OperationRequest, Prepared, Variant } from '../engine.ts'
import type { Supergraph } from '../supergraph.ts'
import type { Transport } from '../transport/transport.ts'
import { editsIn, isEmpty } from './edits.ts'
import { documentFrom } from './prepare.ts'
import { restored } from './restore.ts'
import { type StitchedContext, stitchedSchemaOf } from './schema.ts'
import { keyNamesIn, stitchable } from './stitchable.ts'
import { type Answerer, requireRootField, subscriberOf } from './subscription.ts'
import { forClient } from './told.ts'

export type StitchedDeps = {
  readonly supergraph: Supergraph
  /** Who may read which field; `rulesOf(supergraph)` everywhere but in tests. */
  readonly rules: Rules
  /** By subgraph name. */
  readonly transports: ReadonlyMap<string, Transport>
  /** How long the answer to one event of a subscription may take. */
  readonly eventMs?: number
}

const operationsMax = 1_000
const variantsMax = 32
const eventDefaultMs = 10_000

type Graph = Guarded & { readonly keyNames: ReadonlySet<string>; readonly eventMs: number }

/** Makes the prepared operation of a variant. */
type Planned = (variant: Variant) => Prepared

/** The interpreter: answers anything, and is what the compiled engine is measured against. */
export function createStitchedEngine(deps: StitchedDeps): Engine {
  const { supergraph, rules, transports, eventMs = eventDefaultMs } = deps
  const graph = {
    eventMs,
    schema: stitchedSchemaOf(supergraph, transports),
    rules,
    keyNames: keyNamesIn(supergraph),
  }
  // A document that fails is remembered as well: it would cost as much the second time.
  const planned = createRecent<string, () => Planned>(operationsMax)
  return {
    prepare: async (document, operationName, variant) => {
      const key = keyOf(document, operationName)
      const plan = planned.of(key, () => outcomeOf(() => planFor(graph, document, operationName)))
      return plan()(variant)
    },
    known: (document, operationName, variant) => {
      try {
        return planned.peek(keyOf(document, operationName))?.()(variant) ?? null
      } catch {
        return null
      }
    },
  }
}

/** The length tells where the name ends, so no two pairs share a key. */
const keyOf = (document: string, operationName: string | null) =>
  `${operationName?.length ?? -1} ${operationName}${document}`

/** Returns or throws, each time it is called, what `work` returned or threw once. */
function outcomeOf<T>(work: () => T): () => T {
  try {
    const value = work()
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}

function planFor(graph: Graph, text: string, operationName: string | null): Planned {
  const document = documentFrom(graph.schema, text)
  const operation = operationIn(document, operationName)
  requireRoot(graph, operation)
  requireRootField(document, operation)
  const alone = onlyOperation(document, operation)
  const touched = rulesIn(graph, alone)
  const isOpen = operation.operation === OperationTypeNode.QUERY && touched.length === 0
  const openFields = isOpen ? fieldsIn(graph.schema, alone) : null
  const variants = createRecent<string, Prepared>(variantsMax)
  return (variant) => {
    // Two callers to whom the same rules say no get the same plan, whatever else they may do.
    const denied = touched.filter((rule) => !permits(rule, variant))
    const key = touched.map((rule) => (denied.includes(rule) ? '-' : '+')).join('')
    return variants.of(key, () => ({
      kind: operation.operation,
      name: operation.name?.value ?? null,
      openFields,
      ...answererOf(graph, alone, new Set(denied)),
    }))
  }
}

/** Validation by graphql-js overlooks an operation of a kind that the schema does not have. */
function requireRoot({ schema }: Guarded, { operation }: OperationDefinitionNode): void {
  if (schema.getRootType(operation)) return
  throw new AppError('GRAPHQL_VALIDATION_FAILED', `The graph has no ${operation}s.`)
}

function answererOf(
  { schema, rules, keyNames, eventMs }: Graph,
  operation: DocumentNode,
  denied: ReadonlySet<Rule>,
): Pick<Prepared, 'execute' | 'subscribe'> {
  const filtered = withoutDenied({ schema, rules }, operation, denied)
  const { document, placeholders } = stitchable(filtered.document, keyNames)
  const edits = editsIn(schema, document, new Map([...filtered.placeholders, ...placeholders]))
  const answer: Answerer = async (variables, context) => {
    const result = await run(schema, document, { variables, context })
    return isEmpty(edits) ? result : restored(schema, result, edits)
  }
  const execute: Prepared['execute'] = ({ variables, exchange }) => answer(variables, { exchange })
  return {
    execute,
    subscribe: subscriberOf({ schema, document, eventMs, answer, execute }),
  }
}

type Run = {
  readonly variables: OperationRequest['variables']
  readonly context: StitchedContext
}

async function run(
  schema: Guarded['schema'],
  document: DocumentNode,
  { variables, context }: Run,
): Promise<ExecutionResult> {
  const result = await execute({
    schema,
    document,
    variableValues: variables,
    contextValue: context,
  })
  return forClient(result)
}
