import { type GraphQLNamedType, isEnumType } from 'graphql'
import { isWritable } from '../json-depth.ts'

/** The value as its type has it; undefined for one that is none of it. */
export type Leaf = (value: unknown) => unknown

type LeafCheck = { readonly leaf: Leaf; readonly isLeaf: string | null }

const isInt = (value: unknown) => Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 53

/** Result coercion of the scalars of GraphQL itself. Source: GraphQL, September 2025, 3.5. */
const scalars: Readonly<Record<string, LeafCheck>> = {
  String: {
    leaf: (value) => (typeof value === 'string' ? value : undefined),
    isLeaf: 'typeof $ === "string"',
  },
  Boolean: {
    leaf: (value) => (typeof value === 'boolean' ? value : undefined),
    isLeaf: 'typeof $ === "boolean"',
  },
  Float: {
    leaf: (value) => (typeof value === 'number' ? value : undefined),
    isLeaf: 'typeof $ === "number"',
  },
  Int: {
    leaf: (value) => (isInt(value) ? value : undefined),
    isLeaf: 'Number.isInteger($)',
  },
  ID: {
    leaf: (value) => {
      if (typeof value === 'string') return value
      return isInt(value) ? String(value) : undefined
    },
    isLeaf: 'typeof $ === "string"',
  },
}

const anything: LeafCheck = {
  leaf: (value) => (isWritable(value) ? value : undefined),
  isLeaf: 'typeof $ !== "object"',
}

/** A scalar of the graph's own is whatever its subgraph says, unless it is too deep to be told. */
export function leafOf(type: GraphQLNamedType | null | undefined): LeafCheck {
  if (!isEnumType(type)) return scalars[type?.name ?? ''] ?? anything
  const names = new Set<unknown>(type.getValues().map(({ name }) => name))
  return {
    leaf: (value) => (names.has(value) ? value : undefined),
    isLeaf: 'leaves[#]($) !== undefined',
  }
}
