import {
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  OperationTypeNode,
  OverlappingFieldsCanBeMergedRule,
  parse,
  validate,
} from 'graphql'
import { argumentsFor, type Inputs } from './arguments.ts'
import { type Choices, oneIn, pick, tapeOf } from './choices.ts'
import type { Construct } from './constructs.ts'
import type { Model } from './model.ts'
import type { Operation } from './oracle.ts'

type Writing = Inputs & {
  readonly schema: GraphQLSchema
  readonly model: Model
  readonly fragments: { readonly name: string; readonly on: string; readonly text: string }[]
  /** False where the first try asked for what cannot be merged. */
  readonly mayCollide: boolean
  /** How many more fields are worth their time. */
  left: number
  names: number
}

export type Drawn = Operation & {
  readonly kind: OperationTypeNode
  readonly written: ReadonlySet<Construct>
}

const kinds = [
  ...Array.from({ length: 10 }, () => OperationTypeNode.QUERY),
  ...[OperationTypeNode.MUTATION, OperationTypeNode.MUTATION, OperationTypeNode.SUBSCRIPTION],
]

/** Reads a valid operation off a tape: every tape is one. */
export function operationFrom(model: Model, tape: readonly number[]): Drawn {
  const first = written(model, tapeOf(tape), true)
  if (isMergeable(model.schema, first)) return first
  const second = written(model, tapeOf(tape), false)
  if (isMergeable(model.schema, second)) return second
  const document = 'query Main { __typename }'
  const parsed = parse(document)
  const kind = OperationTypeNode.QUERY
  return { ...second, document, parsed, kind, written: new Set(), variables: {} }
}

/** Nothing else can be wrong with what is written; the engines would say so. */
const isMergeable = (schema: GraphQLSchema, { parsed }: Drawn) =>
  validate(schema, parsed, [OverlappingFieldsCanBeMergedRule]).length === 0

function written(model: Model, choices: Choices, mayCollide: boolean): Drawn {
  const { schema } = model
  const kind = pick(choices, kinds)
  const writing: Writing = {
    ...{ schema, model, choices, fragments: [], mayCollide, left: 6 + choices.below(20), names: 0 },
    ...{ definitions: [], variables: {}, written: new Set(), mayFail: oneIn(choices, 12) },
  }
  const root = schema.getRootType(kind) ?? schema.getQueryType()
  if (!root) throw new Error('The schema has no queries.')
  const selections =
    kind === OperationTypeNode.SUBSCRIPTION
      ? streamOf(writing, root)
      : selectionOf(writing, root, 4)
  const { definitions, fragments, variables } = writing
  const head = definitions.length > 0 ? `(${definitions.join(', ')})` : ''
  const other = oneIn(choices, 12) ? 'query Other { __typename }\n' : ''
  const texts = fragments.map(({ name, on, text }) => `fragment ${name} on ${on} ${text}`)
  const document = `${other}${kind} Main${head} ${selections}\n${texts.join('\n')}`
  if (fragments.length > 0) writing.written.add('named fragment')
  const parsed = parse(document)
  return { document, parsed, operationName: 'Main', variables, kind, written: writing.written }
}

/** The one field that a subscription may have. */
function streamOf(writing: Writing, root: GraphQLCompositeType): string {
  const fields = isObjectType(root) ? Object.values(root.getFields()) : []
  const field = pick(writing.choices, fields)
  return `{ ${fieldText(writing, field, { depth: 4, isRoot: true })} }`
}

function selectionOf(writing: Writing, type: GraphQLCompositeType, depth: number): string {
  const count = 1 + writing.choices.below(depth === 4 ? 5 : 4)
  return `{ ${Array.from({ length: count }, () => memberOf(writing, type, depth)).join(' ')} }`
}

function memberOf(writing: Writing, type: GraphQLCompositeType, depth: number): string {
  const { choices, schema } = writing
  if (depth > 0 && oneIn(choices, isAbstractType(type) ? 2 : 8))
    return fragmentOf(writing, type, depth)
  if (oneIn(choices, 7)) return typenameOf(writing)
  if (type === schema.getQueryType() && oneIn(choices, 25)) return introspectionOf(writing)
  const fields = isAbstractType(type) && !isInterfaceType(type) ? [] : fieldsOf(type)
  const suitable = fields.filter(
    (field) => (depth > 0 && writing.left > 0) || !isCompositeType(getNamedType(field.type)),
  )
  if (suitable.length === 0) return typenameOf(writing)
  writing.left -= 1
  const special = suitable.flatMap((field) =>
    Array.from({ length: interestIn(writing.model, type.name, field.name) }, () => field),
  )
  const wanted = special.length > 0 && oneIn(choices, 2) ? special : suitable
  return fieldText(writing, pick(choices, wanted), { depth })
}

const rare: ReadonlySet<Construct> = new Set([
  'nullability that differs',
  '@requires chain',
  '@requires with arguments',
  '@override',
  '@override with a label',
])

/** More for what a directive is about, and for what some objects do not have in its subgraph. */
function interestIn({ facts, entities }: Model, typeName: string, name: string): number {
  const fact = facts.get(`${typeName}.${name}`)
  if (!fact || typeName === 'Query') return 0
  const [owner = ''] = fact.owners
  if (entities.get(typeName)?.lost.has(owner)) return 4
  if (fact.tags.includes('@requires with fragments')) return 6
  if (fact.tags.some((tag) => rare.has(tag))) return 3
  return fact.tags.length > 0 ? 1 : 0
}

type Field = GraphQLField<unknown, unknown>

const fieldsOf = (type: GraphQLNamedType): Field[] =>
  isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : []

function typenameOf(writing: Writing): string {
  writing.written.add('__typename')
  const alias = oneIn(writing.choices, 4) ? 'kind: ' : ''
  return `${alias}__typename${conditionsOf(writing)}`
}

const introspections = [
  () => '__typename',
  (name: string) => `${name}: __schema { queryType { name } mutationType { kind name } }`,
  (name: string) => `${name}: __type(name: "Item") { name kind fields { name type { name } } }`,
  (name: string) => `__type(name: "Thing") { name ${name}: possibleTypes { name } }`,
  () => '__schema { types { name } }',
  () => '__type(name: "Nothing") { name }',
] as const

/** The names of everything that is a list of names: their order is nobody's promise. */
function introspectionOf(writing: Writing): string {
  writing.written.add('mixed introspection')
  return pick(writing.choices, introspections)(pick(writing.choices, ['meta', 'about']))
}

function fragmentOf(writing: Writing, type: GraphQLCompositeType, depth: number): string {
  const { choices, schema, fragments } = writing
  const objects = isAbstractType(type) ? schema.getPossibleTypes(type) : [type]
  const wider = objects.flatMap((object) => (isObjectType(object) ? object.getInterfaces() : []))
  const on = pick(choices, [...objects, ...new Set(wider), type])
  const conditions = conditionsOf(writing)
  if (oneIn(choices, 3)) {
    const known = fragments.find((fragment) => fragment.on === on.name)
    if (known && oneIn(choices, 2)) return `...${known.name}${conditions}`
    // Written first, so that it cannot spread itself.
    const text = selectionOf(writing, on, depth - 1)
    const name = `F${fragments.length}`
    fragments.push({ name, on: on.name, text })
    return `...${name}${conditions}`
  }
  const condition = oneIn(choices, 5) && on === type ? '' : ` on ${on.name}`
  return `...${condition}${conditions} ${selectionOf(writing, on, depth - 1)}`
}

const aliases = ['id', 'title', 'a', 'b', 'sku', 'org'] as const

type Place = { readonly depth: number; readonly isRoot?: boolean }

function fieldText(writing: Writing, field: Field, { depth, isRoot = false }: Place): string {
  const { choices, schema } = writing
  const type = getNamedType(field.type)
  const args = argumentsFor(writing, field)
  const conditions = isRoot ? '' : conditionsOf(writing)
  const below = isCompositeType(type) ? ` ${selectionOf(writing, type, depth - 1)}` : ''
  if (!schema.getType(type.name)) throw new Error(`No ${type.name}.`)
  return `${aliasFor(writing, field, oneIn(choices, 4))}${field.name}${args}${conditions}${below}`
}

function aliasFor(writing: Writing, { name, args }: Field, isAliased: boolean): string {
  const { choices, mayCollide, written } = writing
  if (!mayCollide) return `x${writing.names++}${name}: `
  if (!isAliased) return ''
  if (args.length > 0 && oneIn(choices, 2)) {
    written.add('arguments that collide')
    return `${name}Again: `
  }
  written.add('aliases that collide')
  return `${pick(choices, aliases)}: `
}

/** `@skip` and `@include`, mostly by variables. */
function conditionsOf(writing: Writing): string {
  const { choices, definitions, variables, written } = writing
  if (!oneIn(choices, 10)) return ''
  const directive = pick(choices, ['include', 'skip'] as const)
  if (oneIn(choices, 4)) return ` @${directive}(if: ${oneIn(choices, 2)})`
  written.add('@skip or @include by variable')
  const name = `on${choices.below(3)}`
  if (!Object.hasOwn(variables, name)) {
    definitions.push(`$${name}: Boolean!`)
    variables[name] = !oneIn(choices, 2)
  }
  const more = oneIn(choices, 6) ? ` @skip(if: $${name})` : ''
  return ` @${directive}(if: $${name})${directive === 'include' ? more : ''}`
}
