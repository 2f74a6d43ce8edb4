import type { DocumentNode, GraphQLSchema } from 'graphql'
import { type Cache, createCache, isLastingError } from '../../cache.ts'
import { documentFrom } from './document.ts'
import { type Slot, variablesFrom, withVariables } from './hoist.ts'
import { type Hoisted, hoisted } from './literals.ts'

/** An operation, and what stands for the literals of the text that asked for it. */
export type Found<Operation> = {
  readonly operation: Operation
  readonly variables: Readonly<Record<string, unknown>>
}

export type ByText<Operation> = {
  /** Rejects with the GraphQL errors of a document that is not valid, each time anew. */
  of(text: string, operationName: string | null): Promise<Found<Operation>>
  /** What is there already; undefined otherwise, and for what is refused. */
  peek(text: string, operationName: string | null): Found<Operation> | undefined
  /** The operation with its literals where they were written. */
  exactly(text: string, operationName: string | null): Promise<Operation>
}

type ByTextDeps<Operation> = {
  readonly schema: GraphQLSchema
  /** Makes an operation of a valid document. */
  readonly make: (document: DocumentNode, operationName: string | null) => Promise<Operation>
  /** What an operation keeps in memory, with its plan and its code. */
  readonly bytesOf: (operation: Operation) => number
  readonly entriesMax: number
  readonly bytesMax: number
}

type Caches<Operation> = ByTextDeps<Operation> & {
  readonly exact: Cache<string, Operation>
  /** Which literals of a shape are variables; null where none can be. */
  readonly slots: Cache<string, readonly (Slot | null)[] | null>
  readonly shapes: Cache<string, Operation | null>
}

/** Of a text that is run as it was written. */
export const noLiterals = {}
const never = () => false

/**
 * Every operation is made once, also for those who write their values into the text: documents that
 * differ in nothing but literals are one operation with variables.
 */
export function createByText<Operation>(deps: ByTextDeps<Operation>): ByText<Operation> {
  const { bytesOf, entriesMax, bytesMax } = deps
  const half = { entriesMax: Math.ceil(entriesMax / 2), bytesMax: bytesMax / 2 }
  const caches: Caches<Operation> = {
    ...deps,
    exact: createCache({ ...half, bytesOf }),
    // What is refused is refused for its own text only.
    slots: createCache({ ...half, bytesOf: (_, key) => key.length * 4, isLasting: never }),
    shapes: createCache({
      ...half,
      bytesOf: (operation) => (operation ? bytesOf(operation) : 0),
      isLasting: never,
    }),
  }
  return {
    of: (text, operationName) => found(caches, text, operationName),
    exactly: (text, operationName) =>
      exactly(caches, { text, operationName, document: () => documentFrom(deps.schema, text) }),
    peek: (text, operationName) => {
      const operation = caches.exact.peek(keyOf(text, operationName))
      return operation
        ? { operation, variables: noLiterals }
        : peekShape(caches, text, operationName)
    },
  }
}

/** The length tells where the name ends, so no two pairs share a key. */
const keyOf = (text: string, operationName: string | null) =>
  `${operationName?.length ?? -1} ${operationName}${text}`

async function found<Operation>(
  caches: Caches<Operation>,
  text: string,
  operationName: string | null,
): Promise<Found<Operation>> {
  const { exact, schema } = caches
  const document = once(() => documentFrom(schema, text))
  const asked = { text, operationName, document }
  const literals = exact.peek(keyOf(text, operationName)) ? null : hoisted(text)
  const shaped = literals && (await foundByShape(caches, { ...asked, literals }))
  return shaped ?? { operation: await exactly(caches, asked), variables: noLiterals }
}

type Asked = {
  readonly text: string
  readonly operationName: string | null
  /** Throws when the document is not valid. */
  readonly document: () => DocumentNode
}

const exactly = <Operation>(
  { exact, make }: Caches<Operation>,
  { text, operationName, document }: Asked,
): Promise<Operation> =>
  exact.of(keyOf(text, operationName), async () => make(document(), operationName))

/** Null for what has to be looked at as it is written, and perhaps refused. */
async function foundByShape<Operation>(
  { slots, shapes, schema, make }: Caches<Operation>,
  { literals: { shape, literals }, operationName, document }: Asked & { literals: Hoisted },
): Promise<Found<Operation> | null> {
  const rewritten = once(() => withVariables(schema, document()))
  const key = keyOf(shape, operationName)
  const own = await slots
    .of(key, async () => rewritten()?.slots ?? null)
    // Another text of the same shape may be valid, so nothing is known of the shape yet.
    .catch(() => null)
  const variables = own && variablesFrom(own, literals)
  if (!own || !variables) return null
  const operation = await shapes
    .of(shapeKey(key, own, literals), async () => {
      const one = valueOrNull(rewritten)
      return one && make(one.document, operationName)
    })
    .catch(nullIfLasting)
  return operation && { operation, variables }
}

function peekShape<Operation>(
  { slots, shapes }: Caches<Operation>,
  text: string,
  operationName: string | null,
): Found<Operation> | undefined {
  const found = hoisted(text)
  if (!found) return undefined
  const key = keyOf(found.shape, operationName)
  const own = slots.peek(key)
  const variables = own && variablesFrom(own, found.literals)
  if (!own || !variables) return undefined
  const operation = shapes.peek(shapeKey(key, own, found.literals))
  return operation ? { operation, variables } : undefined
}

/** What is refused is refused in the words of the text as it is written, and remembered for it. */
function nullIfLasting(error: unknown): null {
  if (isLastingError(error)) return null
  throw error
}

/** Literals that stay in the document make it another one. */
function shapeKey(key: string, slots: readonly (Slot | null)[], literals: readonly string[]) {
  const staying = literals.filter((_, index) => !slots[index])
  return staying.length === 0 ? key : `${key}\n${JSON.stringify(staying)}`
}

/** Returns or throws, each time it is called, what `work` returned or threw once. */
function once<T>(work: () => T): () => T {
  let outcome: (() => T) | undefined
  return () => {
    outcome ??= outcomeOf(work)
    return outcome()
  }
}

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

function valueOrNull<T>(work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
  }
}
