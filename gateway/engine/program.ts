import type { GraphQLSchema } from 'graphql'
import { coordinate, type Rules } from './authorize/rules.ts'
import { compile, type Step, type Ways } from './compile/index.ts'
import type { Variables } from './execute/index.ts'
import { planFor } from './plan/index.ts'
import { type Joins, looksOf } from './plan/joins.ts'
import type { Truths } from './prepare/conditions.ts'
import type { Operation } from './prepare/index.ts'
import { createKeys } from './prepare/keys.ts'
import { selectionsOf } from './prepare/selection.ts'
import { type FastProject, fastProjectOf } from './project/generated.ts'
import { type Introspect, introspectorOf } from './project/introspection.ts'
import { type Shape, shapeOf } from './project/shape.ts'

export type Graph = Ways & {
  readonly schema: GraphQLSchema
  readonly rules: Rules
  readonly joins: Joins
  readonly fieldNames: ReadonlySet<string>
}

/** An operation under one set of conditions and labels: all that can be done before it runs. */
export type Program = {
  readonly steps: readonly Step[]
  readonly shape: Shape
  readonly fast: FastProject
  /** What the gateway answers itself. */
  readonly introspect: (variables: Variables) => Introspect
}

export type Circumstances = { readonly truths: Truths; readonly labels: ReadonlySet<string> }

/** What is asked for, and the plan of how it is asked. Throws what planning throws. */
export function plannedFor(
  graph: Graph,
  { document, definition, denied }: Operation,
  { truths, labels }: Circumstances,
) {
  const { schema, joins, rules, fieldNames } = graph
  const keys = createKeys({
    shapeOf: (parent, field) => looksOf(joins, parent, field),
    isFieldName: (name) => fieldNames.has(name),
  })
  const isDenied = (parent: string, field: string) => {
    const rule = rules.get(coordinate(parent, field))
    return rule !== undefined && denied.has(rule)
  }
  const reading = { schema, document, truths, keys, isDenied }
  const selections = selectionsOf(reading, definition)
  const kind = definition.operation
  const plan = planFor({ joins, schema }, { kind, selections, keyOf: keys.keyOf, labels, document })
  return { plan, selections }
}

/** Throws what planning throws. */
export function programOf(
  graph: Graph,
  operation: Operation,
  circumstances: Circumstances,
): Program {
  const { schema } = graph
  const { document, definition } = operation
  const { plan, selections } = plannedFor(graph, operation, circumstances)
  const root = schema.getRootType(definition.operation)?.name ?? ''
  const shape = shapeOf(graph, root, selections)
  return {
    steps: compile(plan.requests, graph),
    ...{ shape, fast: fastProjectOf(shape) },
    introspect: introspectorOf(schema, document),
  }
}
