import { type DocumentNode, type OperationDefinitionNode, OperationTypeNode } from 'graphql'
import { AppError } from '#kit/errors'
import { operationIn } from '../../operation.ts'
import { createRecent } from '../../recent.ts'
import { fieldsIn, type Guarded, onlyOperation, rulesIn } from '../authorize/index.ts'
import { permits, type Rule } from '../authorize/rules.ts'
import type { Engine, Prepared, Variant } from '../engine.ts'
import { documentFrom } from './document.ts'
import { requireRootField } from './root-field.ts'

/** An operation that may run, and the rules that say no to its caller. */
export type Operation = {
  /** Of this one operation, and the fragments. */
  readonly document: DocumentNode
  readonly definition: OperationDefinitionNode
  readonly denied: ReadonlySet<Rule>
}

type Preparing = Guarded & {
  /** What a keeper of the engine's interface makes of an operation. */
  readonly answererOf: (operation: Operation) => Pick<Prepared, 'execute' | 'subscribe' | 'stream'>
}

const operationsMax = 1_000
const variantsMax = 32

/** Makes the prepared operation of a variant. */
type Planned = (variant: Variant) => Prepared

/** An engine around `answererOf`: what is prepared once serves everybody of the same variant. */
export function createEngine(preparing: Preparing): Engine {
  // A document that fails is remembered as well: it would cost as much the second time.
  const planned = createRecent<string, () => Planned>(operationsMax)
  return {
    prepare: async (document, operationName, variant) => {
      const key = keyOf(document, operationName)
      const plan = planned.of(key, () =>
        outcomeOf(() => planFor(preparing, document, operationName)),
      )
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

function planFor(preparing: Preparing, text: string, operationName: string | null): Planned {
  const whole = documentFrom(preparing.schema, text)
  const definition = operationIn(whole, operationName)
  requireRoot(preparing, definition)
  requireRootField(whole, definition)
  const document = onlyOperation(whole, definition)
  const touched = rulesIn(preparing, document)
  const isOpen = definition.operation === OperationTypeNode.QUERY && touched.length === 0
  const openFields = isOpen ? fieldsIn(preparing.schema, document) : null
  const variants = createRecent<string, Prepared>(variantsMax)
  return (variant) => {
    // Two callers to whom the same rules say no get the same plan, whatever else they may do.
    const denied = touched.filter((rule) => !permits(rule, variant))
    const key = touched.map((rule) => (denied.includes(rule) ? '-' : '+')).join('')
    return variants.of(key, () => ({
      kind: definition.operation,
      name: definition.name?.value ?? null,
      openFields,
      ...preparing.answererOf({ document, definition, denied: new Set(denied) }),
    }))
  }
}

/** Validation by graphql-js overlooks an operation of a kind that the schema does not have. */
function requireRoot({ schema }: Guarded, { operation }: OperationDefinitionNode): void {
  if (schema.getRootType(operation)) return
  throw new AppError('GRAPHQL_VALIDATION_FAILED', `The graph has no ${operation}s.`)
}
