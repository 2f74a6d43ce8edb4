import {
  type DocumentNode,
  type ExecutionResult,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql'
import { operationIn } from '#kit/document/operation'
import { AppError } from '#kit/errors'
import { createRecent } from '../../recent.ts'
import { type Guarded, onlyOperation, rulesIn } from '../authorize/index.ts'
import { permits, type Rule } from '../authorize/rules.ts'
import type { Engine, OperationRequest, Prepared, Variant } from '../engine.ts'
import type { CacheHints } from '../supergraph/cache-hints.ts'
import { keyOf } from './by-caller.ts'
import { createByText, type Found, noLiterals } from './by-text.ts'
import { readsOf } from './reads.ts'
import { requireRootField } from './root-field.ts'

/** An operation that may run, and the rules that say no to its caller. */
export type Operation = {
  /** Of this one operation, and the fragments. */
  readonly document: DocumentNode
  readonly definition: OperationDefinitionNode
  readonly denied: ReadonlySet<Rule>
}

type Answerer = Pick<Prepared, 'execute' | 'subscribe' | 'stream' | 'explain'>

type Preparing = Guarded & {
  /** For how long what may be kept. */
  readonly hints: CacheHints
  /** What a keeper of the engine's interface makes of an operation. */
  readonly answererOf: (operation: Operation) => Answerer
}

const operationsMax = 1_000
const bytesMax = 96 * 1_048_576
const variantsMax = 32
/** Kinds of callers for whom an operation remembers which rules say no. */
const callersMax = 64
/** What the plan and the code of an operation take for each character of its text, measured. */
const bytesPerCharacter = 150

/** The operation for everybody; `of` makes what is prepared for a variant. */
type Planned = { readonly bytes: number; readonly of: (variant: Variant) => Prepared }

/** An engine around `answererOf`: what is prepared once serves everybody of the same variant. */
export function createEngine(preparing: Preparing): Engine {
  const planned = createByText<Planned>({
    schema: preparing.schema,
    make: async (document, operationName) => planFor(preparing, document, operationName),
    bytesOf: ({ bytes }) => bytes,
    ...{ entriesMax: operationsMax, bytesMax },
  })
  return {
    prepare: async (text, operationName, variant) => {
      const found = await planned.of(text, operationName)
      const exact = () => planned.exactly(text, operationName)
      return asWritten(found, { variant, exact })
    },
    known: (text, operationName, variant) => {
      const found = planned.peek(text, operationName)
      const exact = () => planned.exactly(text, operationName)
      return found ? valueOrNull(() => asWritten(found, { variant, exact })) : null
    },
  }
}

function valueOrNull<Value>(work: () => Value): Value | null {
  try {
    return work()
  } catch {
    return null
  }
}

type Asked = {
  readonly variant: Variant
  /** The operation with its literals where they were written. */
  readonly exact: () => Promise<Planned>
}

/** The prepared operation; what the client wrote into the text joins its variables. */
function asWritten({ operation, variables: own }: Found<Planned>, asked: Asked): Prepared {
  const prepared = operation.of(asked.variant)
  if (own === noLiterals) return prepared
  const { stream } = prepared
  const withOwn = (request: OperationRequest): OperationRequest => ({
    ...request,
    variables: { ...request.variables, ...own },
  })
  // Nothing has run: an error about the client's variables points into the text, so into this one.
  const again = async () => (await asked.exact()).of(asked.variant)
  return {
    ...prepared,
    // Whoever reads a plan looks for the values that they wrote.
    ...(prepared.explain && {
      explain: async (request) => {
        const exactly = await again()
        return exactly.explain?.(request) ?? { fetches: [], denied: [] }
      },
    }),
    execute: async (request) => {
      const result = await prepared.execute(withOwn(request))
      return isRefusal(result) ? (await again()).execute(request) : result
    },
    subscribe: async (request) => {
      const result = await prepared.subscribe(withOwn(request))
      return isRefusal(result) ? (await again()).subscribe(request) : result
    },
    ...(stream && {
      stream: {
        open: (request) => stream.open(withOwn(request)),
        answer: (event, source, request) => stream.answer(event, source, withOwn(request)),
      },
    }),
  }
}

/** Of what a subgraph says, nothing points into the client's text. */
const isRefusal = (result: ExecutionResult | AsyncIterable<ExecutionResult>): boolean =>
  'errors' in result &&
  result.data === undefined &&
  (result.errors?.some(({ nodes }) => nodes) ?? false)

function planFor(preparing: Preparing, whole: DocumentNode, operationName: string | null): Planned {
  const definition = operationIn(whole, operationName)
  requireRoot(preparing, definition)
  requireRootField(whole, definition)
  const document = onlyOperation(whole, definition)
  const touched = rulesIn(preparing, document)
  const isQuery = definition.operation === OperationTypeNode.QUERY
  const reads = isQuery ? readsOf(preparing, document, definition) : null
  const variants = createRecent<string, Prepared>(variantsMax)
  const bytes = (whole.loc?.end ?? 0) * bytesPerCharacter
  const byCaller = createRecent<string, Prepared>(callersMax)
  const decided = (variant: Variant) => {
    // Two callers to whom the same rules say no get the same plan, whatever else they may do.
    const denied = touched.filter((rule) => !permits(rule, variant))
    const key = touched.map((rule) => (denied.includes(rule) ? '-' : '+')).join('')
    return variants.of(key, () => ({
      kind: definition.operation,
      name: definition.name?.value ?? null,
      reads,
      ...preparing.answererOf({ document, definition, denied: new Set(denied) }),
    }))
  }
  const of = (variant: Variant) =>
    touched.length === 0 ? decided(variant) : byCaller.of(keyOf(variant), () => decided(variant))
  return { bytes, of }
}

/** Validation by graphql-js overlooks an operation of a kind that the schema does not have. */
function requireRoot({ schema }: Guarded, { operation }: OperationDefinitionNode): void {
  if (schema.getRootType(operation)) return
  throw new AppError('GRAPHQL_VALIDATION_FAILED', `The graph has no ${operation}s.`)
}
