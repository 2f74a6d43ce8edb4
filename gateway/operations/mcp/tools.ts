import type { Tool } from '@modelcontextprotocol/sdk/types.js'
import { type DocumentNode, type GraphQLSchema, Kind, parse } from 'graphql'
import { type Contract, isWithin } from '#schema/contracts'
import type { Exchange } from '../../exchange.ts'
import type { GraphView } from '../../graph-view.ts'
import { dataSchemaOf } from '../json-schema/data.ts'
import { variablesSchemaOf } from '../json-schema/variables.ts'
import { plainText } from '../plain-text.ts'
import type { Client, RegisteredOperation, Registry } from '../registry.ts'
import { sha256 } from '../registry.ts'
import { kebabOf, versionedNameOf } from '../versions.ts'

/** A registered operation as a tool. */
export type OperationTool = {
  readonly name: string
  readonly operation: RegisteredOperation
  readonly document: DocumentNode
  /** As it is listed: named, described, with schemas of what goes in and comes out. */
  readonly definition: Tool
}

export type Tools = {
  /** What such a caller may call, by name; scopes are looked at when it runs. */
  offered(caller: ToolCaller): ReadonlyMap<string, OperationTool>
  /** Of these, the ones that such a caller gets a whole answer from. */
  listed(offered: ReadonlyMap<string, OperationTool>, exchange: Exchange): readonly OperationTool[]
}

export type ToolCaller = {
  /** Whose operations it may run. */
  readonly clients: readonly Client[]
  readonly contract: Contract
  /** Of two versions of an operation the newer one that is not newer than this. */
  readonly version: number
}

type ToolsDeps = {
  readonly registry: Pick<Registry, 'all' | 'byName'>
  readonly view: () => GraphView
  readonly now: () => Date
}

const nameMax = 64
const digestLength = 8

/**
 * `PartnerCoaches` is `partner_coaches`: some clients take no other characters, and no more than 64
 * of them, together with what they put before.
 */
export function toolNameOf(base: string): string {
  const name = kebabOf(base).replaceAll('-', '_')
  if (name.length <= nameMax) return name
  return `${name.slice(0, nameMax - digestLength - 1)}_${sha256(base).slice(0, digestLength)}`
}

/** A tool is described once for each graph that is served. */
export function createTools({ registry, view, now }: ToolsDeps): Tools {
  const known = new WeakMap<GraphView, WeakMap<RegisteredOperation, OperationTool>>()
  const toolOf = (operation: RegisteredOperation): OperationTool => {
    const graph = view()
    const tools = known.get(graph) ?? new WeakMap<RegisteredOperation, OperationTool>()
    known.set(graph, tools)
    const tool = tools.get(operation) ?? describedTool(operation, graph.schema)
    tools.set(operation, tool)
    return tool
  }
  return {
    offered: ({ clients, contract, version }) => {
      const newest = new Map<string, { readonly own: number; readonly of: RegisteredOperation }>()
      for (const operation of registry.all()) {
        const { base, version: own } = versionedNameOf(operation.name)
        if (!isTool(operation) || !isWithin(operation.contract, contract)) continue
        if (!clients.includes(operation.client) || own > version) continue
        const first = registry.byName(operation.name, clients)
        const name = toolNameOf(base)
        if (!first || first.hash !== operation.hash || first.client !== operation.client) continue
        if ((newest.get(name)?.own ?? 0) < own) newest.set(name, { own, of: operation })
      }
      return new Map([...newest].sort(byName).map(([name, { of }]) => [name, toolOf(of)]))
    },
    listed: (offered, { viewer }) =>
      [...offered.values()].filter(
        ({ document, operation }) =>
          view().permits(document, viewer) && !isRetired(operation, now()),
      ),
  }
}

/** Streams have no place in a protocol of questions and answers. */
const isTool = ({ kind }: RegisteredOperation) => kind !== 'subscription'

const isRetired = ({ retiredAt }: RegisteredOperation, at: Date) =>
  retiredAt !== null && retiredAt <= at

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]) =>
  one < other ? -1 : 1

function describedTool(operation: RegisteredOperation, schema: GraphQLSchema): OperationTool {
  const document = parse(operation.document, { noLocation: true })
  const { base } = versionedNameOf(operation.name)
  const name = toolNameOf(base)
  const input = variablesSchemaOf(schema, document)
  const definition: Tool = {
    name,
    title: titleOf(base),
    description: descriptionOf(operation, document, schema),
    inputSchema: { ...input, required: [...input.required] },
    outputSchema: outputOf(schema, document),
    annotations: { title: titleOf(base), ...hintsOf(operation, JSON.stringify(input)) },
  }
  return { name, operation, document, definition }
}

function outputOf(schema: GraphQLSchema, document: DocumentNode) {
  const output = dataSchemaOf(schema, document)
  return { ...output, required: [...output.required] }
}

const titleOf = (base: string) => {
  const words = kebabOf(base).replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/**
 * A mutation may take something away, and is told so, whatever its name says. With a key of
 * idempotency among its arguments the same call twice is one.
 */
const hintsOf = ({ kind }: RegisteredOperation, input: string) =>
  kind === 'query'
    ? { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }
    : {
        ...{ readOnlyHint: false, destructiveHint: true, openWorldHint: false },
        idempotentHint: input.includes('"idempotencyKey"'),
      }

/** The operation's own words, or else those of the fields that it begins with. */
function descriptionOf(
  { name, description }: RegisteredOperation,
  { definitions }: DocumentNode,
  schema: GraphQLSchema,
): string {
  const operation = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return name
  const own = description ?? operation.description?.value
  if (own) return plainText(own)
  const fields = schema.getRootType(operation.operation)?.getFields() ?? {}
  const words = operation.selectionSet.selections.flatMap((node) =>
    node.kind === Kind.FIELD ? (fields[node.name.value]?.description ?? []) : [],
  )
  return plainText(words.join(' ') || titleOf(versionedNameOf(name).base))
}
