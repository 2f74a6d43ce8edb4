import type { GraphQLSchema } from 'graphql'
import type { Exchange } from '../../exchange.ts'
import type { GraphView } from '../../graph-view.ts'
import { dataSchemaOf } from '../json-schema/data.ts'
import type { JsonSchema, ObjectSchema } from '../json-schema/schema.ts'
import { variablesSchemaOf } from '../json-schema/variables.ts'
import type { RegisteredOperation, Registry } from '../registry.ts'
import { nameAt, type Published } from './published.ts'
import { withoutNull } from './schemas.ts'
import { type Signature, signatureOf } from './signature.ts'

/** An operation that a caller may run, and all that there is to say of its address. */
export type Listed = {
  /** As it stands in the address. */
  readonly name: string
  readonly operation: RegisteredOperation
  readonly signature: Signature
  readonly variables: ObjectSchema
  /** Of the answer's body, when nothing was refused. */
  readonly answer: JsonSchema
  /** Scopes that a caller needs; empty for an operation that anybody may run. */
  readonly scopes: readonly string[]
  readonly description: string
}

type Listing = {
  readonly registry: Pick<Registry, 'byName'>
  readonly view: GraphView
  /** What the caller may know of the graph. */
  readonly schema: GraphQLSchema
  readonly now: Date
}

/**
 * What a caller may run as of a version, by name. Left out is what has been retired, and whatever
 * would come back with something missing. Who could prove a second factor is taken to have done so.
 */
export function listedFor(
  { viewer }: Pick<Exchange, 'viewer'>,
  { published, clients, version }: Whole,
  listing: Listing,
): readonly Listed[] {
  const steppedUp = viewer && { ...viewer, acr: '2' }
  return [...published.keys()].sort().flatMap((name) => {
    const found = nameAt(published, name, version)
    const operation = found === null ? null : listing.registry.byName(found, clients)
    if (!operation || isRetired(operation, listing.now)) return []
    const listed = listedOf(name, operation, listing)
    return listed && listing.view.permits(listed.signature.document, steppedUp) ? [listed] : []
  })
}

type Whole = {
  readonly published: Published
  readonly clients: readonly string[]
  readonly version: number
}

const isRetired = ({ retiredAt }: RegisteredOperation, now: Date) =>
  retiredAt !== null && retiredAt <= now

/** Null for one that does not fit what the caller may know of the graph. */
function listedOf(
  name: string,
  operation: RegisteredOperation,
  { schema, view }: Listing,
): Listed | null {
  try {
    const signature = signatureOf(schema, operation.document)
    const data = dataSchemaOf(schema, signature.document, { refusals: false })
    const [root = '', ...others] = signature.roots
    const only = others.length === 0 ? data.properties[root] : undefined
    return {
      ...{ name, operation, signature, answer: only ?? data },
      variables: variablesSchemaOf(schema, signature.document),
      scopes: view.scopesOf(signature.document),
      description: operation.description ?? String(withoutNull(only ?? {}).description ?? ''),
    }
  } catch {
    return null
  }
}
