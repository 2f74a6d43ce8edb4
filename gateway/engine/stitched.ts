import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type OperationDefinitionNode,
} from 'graphql'
import { operationIn } from '../operation.ts'
import { type Guarded, rulesIn, single, withoutDenied } from './authorize.ts'
import { isEmpty } from './denials.ts'
import type { Engine, OperationRequest, Prepared, Variant } from './engine.ts'
import { documentFrom, eachOf } from './prepare.ts'
import { createRecent } from './recent.ts'
import { restoreDenied } from './restore.ts'
import { permits, type Rules } from './rules.ts'
import { stitchedSchemaOf } from './stitched-schema.ts'
import type { Supergraph } from './supergraph.ts'
import type { Transport } from './transport.ts'

export type StitchedDeps = {
  readonly supergraph: Supergraph
  /** Who may read which field; `rulesOf(supergraph)` everywhere but in tests. */
  readonly rules: Rules
  /** By subgraph name. */
  readonly transports: ReadonlyMap<string, Transport>
}

const operationsMax = 1_000
const variantsMax = 32

/** Makes the prepared operation of a variant. */
type Planned = (variant: Variant) => Prepared

/** The interpreter: answers anything, and is what the compiled engine is measured against. */
export function createStitchedEngine({ supergraph, rules, transports }: StitchedDeps): Engine {
  const guarded = { schema: stitchedSchemaOf(supergraph, transports), rules }
  // A document that fails is remembered as well: it would cost as much the second time.
  const planned = createRecent<string, () => Planned>(operationsMax)
  return {
    prepare: async (document, operationName, variant) => {
      // A GraphQL name holds no newline, so no two pairs share a key.
      const plan = planned.of(`${operationName ?? ''}\n${document}`, () =>
        outcomeOf(() => planFor(guarded, document, operationName)),
      )
      return plan()(variant)
    },
  }
}

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

function planFor(guarded: Guarded, text: string, operationName: string | null): Planned {
  const document = documentFrom(guarded.schema, text)
  const operation = operationIn(document, operationName)
  const one = single(document, operation)
  const touched = rulesIn(guarded, one)
  const variants = createRecent<string, Prepared>(variantsMax)
  return (variant) => {
    // Two callers to whom the same rules say no get the same plan, whatever else they may do.
    const denied = touched.filter((rule) => !permits(rule, variant))
    const key = touched.map((rule) => (denied.includes(rule) ? '-' : '+')).join('')
    return variants.of(key, () => {
      const plan = withoutDenied(guarded, one, new Set(denied))
      return preparedOf(guarded, operation, plan)
    })
  }
}

type Plan = ReturnType<typeof withoutDenied>

function preparedOf(
  { schema }: Guarded,
  { operation, name }: OperationDefinitionNode,
  { document, denials }: Plan,
): Prepared {
  return {
    kind: operation,
    name: name?.value ?? null,
    execute: async (request) => {
      const result = await run(schema, document, request)
      return isEmpty(denials) ? result : restoreDenied(schema, result, denials)
    },
  }
}

async function run(
  schema: Guarded['schema'],
  document: DocumentNode,
  { variables, exchange }: OperationRequest,
): Promise<ExecutionResult> {
  const result = await execute({
    schema,
    document,
    variableValues: variables,
    contextValue: { exchange },
  })
  return result.errors ? { ...result, errors: result.errors.flatMap(eachOf) } : result
}
