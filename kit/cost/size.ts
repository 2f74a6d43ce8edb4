import { type FieldNode, Kind, type ValueNode } from 'graphql'
import { type Amount, productOf, type Variables } from './amount.ts'
import { type Defaults, holdsVariable, type Read, readerOf } from './values.ts'
import type { FieldWeight, ListSize } from './weights.ts'

export type Size = {
  /** How many objects or values the field gives. */
  readonly own: Amount
  /** How long the lists inside the returned object are, by field. */
  readonly inside: ReadonlyMap<string, Amount>
  readonly faults: readonly string[]
}

type Context = { readonly defaults: Defaults; readonly listSize: number }

/** The lengths that `@listSize` promises of one use of a field; the usual one without it. */
export function sizeOf(
  node: FieldNode,
  { size, lists, args }: FieldWeight,
  { defaults, listSize }: Context,
): Size {
  if (!size) return { own: listSize ** lists, inside: none, faults: [] }
  const slices = size.slicingArguments.map((path) => sliceOf(path, node, { args, defaults }))
  const given = slices.filter((slice) => slice !== null)
  const faults = faultsOf(size, slices)
  const length = lengthOf(given, size.assumedSize ?? listSize)
  const inside = new Map([...size.sizedFields].map((name) => [name, length]))
  const outer = inside.size > 0 ? listSize : length
  const own = lists === 0 ? 1 : productOf(outer, listSize ** (lists - 1))
  return { own, inside, faults }
}

const none: ReadonlyMap<string, Amount> = new Map()

type Slice = {
  readonly read: Read
  readonly isExplicit: boolean
  /** True when a variable has a say in it. */
  readonly isOpen: boolean
}

/** Null for an argument that is not given and has no default. */
function sliceOf(
  path: string,
  { arguments: given = [] }: FieldNode,
  { args, defaults }: { readonly args: FieldWeight['args']; readonly defaults: Defaults },
): Slice | null {
  const [name = '', ...members] = path.split('.')
  const fallback = args.get(name)?.defaultValue
  const node = given.find((argument) => argument.name.value === name)?.value
  if (!node || node.kind === Kind.NULL) {
    const value = memberOf(node ? null : fallback, members)
    if (value === undefined || value === null) return null
    return { read: () => value, isExplicit: false, isOpen: false }
  }
  const whole = readerOf(node, defaults)
  const read = (variables: Variables) => {
    const value = whole(variables)
    return memberOf(value === undefined ? fallback : value, members)
  }
  if (!holdsMember(node, members)) return null
  return { read, isExplicit: true, isOpen: holdsVariable(node) }
}

const memberOf = (value: unknown, members: readonly string[]): unknown =>
  members.reduce<unknown>(
    (inner, name) => (isJson(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined),
    value,
  )

const isJson = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const holdsMember = (node: ValueNode, [name, ...rest]: readonly string[]): boolean => {
  if (name === undefined || node.kind === Kind.VARIABLE) return node.kind !== Kind.NULL
  if (node.kind !== Kind.OBJECT) return false
  const field = node.fields.find((one) => one.name.value === name)
  return field !== undefined && holdsMember(field.value, rest)
}

/** What the operation itself gives decides; a default counts where it gives nothing. */
function faultsOf(size: ListSize, slices: readonly (Slice | null)[]): string[] {
  const { slicingArguments, requireOneSlicingArgument } = size
  if (!requireOneSlicingArgument || slicingArguments.length === 0) return []
  const given = slices.filter((slice) => slice !== null)
  const explicit = given.filter(({ isExplicit }) => isExplicit)
  const count = explicit.length > 0 ? explicit.length : given.length
  return count === 1 ? [] : [`give exactly one of ${slicingArguments.join(', ')}`]
}

/** The largest of what is given; `otherwise` where nothing is, or what is given is no size. */
function lengthOf(slices: readonly Slice[], otherwise: number): Amount {
  if (slices.length === 0) return otherwise
  const length = (variables: Variables): number => {
    const sizes = slices.map(({ read }) => sizeFrom(read(variables))).filter((one) => one !== null)
    return sizes.length > 0 ? Math.max(...sizes) : otherwise
  }
  return slices.some(({ isOpen }) => isOpen) ? length : length({})
}

/** No Int is larger, and products of it are still numbers. */
const sizeMax = 2_147_483_647

/** A list that slices is as long as it is; a size below nothing says none, and may mean all. */
const sizeFrom = (value: unknown): number | null => {
  if (Array.isArray(value)) return value.length
  return typeof value === 'number' && value >= 0 ? Math.min(value, sizeMax) : null
}
