import {
  type DirectiveNode,
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql'
import { fragmentsIn, operationIn } from '#kit/document/operation'
import { createRecent } from '../../recent.ts'
import type { Engine, OperationRequest, Prepared, Variant } from '../engine.ts'
import { unauthorized } from '../errors.ts'
import type { Supergraph } from '../supergraph/index.ts'
import { type FieldTypes, fieldTypesOf } from './field-types.ts'
import { coordinate, permits, type Rule, type Rules } from './rules.ts'

type Guarded = { readonly supergraph: Supergraph; readonly rules: Rules }
type Variables = OperationRequest['variables']
type Condition = (variables: Variables) => boolean

/** A field that a rule guards, where the client has asked for it. */
type Use = {
  readonly rule: Rule
  readonly path: readonly string[]
  /** What must hold for it to be asked for at all. */
  readonly conditions: readonly Condition[]
}

type Known = {
  readonly uses: readonly Use[]
  /** What is prepared is shared by callers to whom the same is denied, and so is this. */
  readonly rejecting: WeakMap<Prepared, Prepared>
}

const operationsMax = 1_000
const bytesMax = 32 * 1_048_576
const bytesPerUse = 200
const bytesOf = ({ uses }: Known, key: string) => key.length * 2 + uses.length * bytesPerUse

/**
 * The same engine, which answers nothing of an operation that asks for what its caller may not
 * read: one error for each such field, and no data. Paths have no indexes, since nothing was read.
 */
export function rejectingEngine(engine: Engine, { supergraph, rules }: Guarded): Engine {
  const types = fieldTypesOf(supergraph.document)
  const known = createRecent<string, Known>(operationsMax, { bytesMax, bytesOf })
  const guard = (text: string, name: string | null, variant: Variant) => (prepared: Prepared) => {
    // The length tells where the name ends, so no two pairs share a key.
    const { uses, rejecting } = known.of(`${name?.length ?? -1} ${name}${text}`, () => ({
      uses: usesIn({ document: parse(text), name }, types, rules),
      rejecting: new WeakMap(),
    }))
    const denied = uses.filter(({ rule }) => !permits(rule, variant))
    if (denied.length === 0) return prepared
    const made = rejecting.get(prepared) ?? rejectingOf(prepared, denied)
    rejecting.set(prepared, made)
    return made
  }
  return {
    prepare: async (text, name, variant) =>
      guard(text, name, variant)(await engine.prepare(text, name, variant)),
    known: (text, name, variant) => {
      const prepared = engine.known?.(text, name, variant)
      return prepared ? guard(text, name, variant)(prepared) : null
    },
  }
}

function rejectingOf(prepared: Prepared, denied: readonly Use[]): Prepared {
  const refusal = (variables: Variables) => {
    const asked = denied.filter(({ conditions }) => conditions.every((holds) => holds(variables)))
    const paths = new Map(asked.map(({ path }) => [path.join('.'), path]))
    const outermost = [...paths.values()].filter((path) => !isBelowOne(path, paths))
    return outermost.length > 0 ? { errors: outermost.map(unauthorized) } : null
  }
  const { stream: _, ...rest } = prepared
  return {
    ...rest,
    execute: async (request) => refusal(request.variables) ?? prepared.execute(request),
    subscribe: async (request) => refusal(request.variables) ?? prepared.subscribe(request),
  }
}

/** What is denied above says it for what is below. */
const isBelowOne = (path: readonly string[], paths: ReadonlyMap<string, unknown>) =>
  path.some((_, length) => paths.has(path.slice(0, length).join('.')))

type Asked = { readonly document: DocumentNode; readonly name: string | null }

type Place = Pick<Use, 'path' | 'conditions'> & { readonly type: string }

/** Every use of a guarded field in a valid operation, through its fragments. */
function usesIn({ document, name }: Asked, types: FieldTypes, rules: Rules): readonly Use[] {
  const operation = operationIn(document, name)
  const fragments = fragmentsIn(document)
  const defaults = defaultsOf(operation)
  const uses: Use[] = []
  const visit = ({ selections }: SelectionSetNode, place: Place): void => {
    for (const node of selections) {
      const conditions = [...place.conditions, ...conditionsOf(node.directives ?? [], defaults)]
      if (node.kind !== Kind.FIELD) {
        const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value)
        const type = fragment?.typeCondition?.name.value ?? place.type
        if (fragment) visit(fragment.selectionSet, { ...place, type, conditions })
        continue
      }
      const path = [...place.path, (node.alias ?? node.name).value]
      const field = coordinate(place.type, node.name.value)
      const rule = rules.get(field)
      if (rule) uses.push({ rule, path, conditions })
      const type = types.fields.get(field)
      if (node.selectionSet && type) visit(node.selectionSet, { type, path, conditions })
    }
  }
  visit(operation.selectionSet, {
    type: types.roots[operation.operation],
    path: [],
    conditions: [],
  })
  return uses
}

const defaultsOf = ({ variableDefinitions = [] }: OperationDefinitionNode) =>
  new Map(
    variableDefinitions.map(({ variable, defaultValue }) => [
      variable.name.value,
      defaultValue?.kind === Kind.BOOLEAN ? defaultValue.value : undefined,
    ]),
  )

const conditionsOf = (
  directives: readonly DirectiveNode[],
  defaults: ReadonlyMap<string, boolean | undefined>,
): Condition[] =>
  directives.flatMap(({ name, arguments: [argument] = [] }) => {
    const wanted = name.value === 'include'
    if (!argument || (!wanted && name.value !== 'skip')) return []
    const { value } = argument
    if (value.kind === Kind.BOOLEAN) return [() => value.value === wanted]
    if (value.kind !== Kind.VARIABLE) return []
    const variable = value.name.value
    return [
      (variables) =>
        (Object.hasOwn(variables, variable) ? variables[variable] : defaults.get(variable)) ===
        wanted,
    ]
  })
