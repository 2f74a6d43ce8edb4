import { Kind, type TypeNode } from 'graphql'

/** The name of a type as it is written, without its lists and exclamation marks. */
export const namedTypeOf = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type)
