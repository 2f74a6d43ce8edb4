import { type ConstDirectiveNode, GraphQLDeprecatedDirective, Kind, parse, visit } from 'graphql'
import { argumentsOf } from '../../../gateway/engine/supergraph/index.ts'
import { endOf } from './verdict.ts'

/** One line a deprecation that does not say from which day on the thing may be gone. */
export function undatedDeprecations(sdl: string): string[] {
  const faults: string[] = []
  const place: string[] = []
  const named = {
    enter: ({ name }: { readonly name: { readonly value: string } }) => void place.push(name.value),
    leave: () => void place.pop(),
  }
  visit(parse(sdl), {
    [Kind.OBJECT_TYPE_DEFINITION]: named,
    [Kind.INTERFACE_TYPE_DEFINITION]: named,
    [Kind.INPUT_OBJECT_TYPE_DEFINITION]: named,
    [Kind.ENUM_TYPE_DEFINITION]: named,
    [Kind.FIELD_DEFINITION]: named,
    [Kind.INPUT_VALUE_DEFINITION]: named,
    [Kind.ENUM_VALUE_DEFINITION]: named,
    [Kind.DIRECTIVE]: (node) => {
      // In a schema every value is a constant.
      const { reason } = argumentsOf(node as ConstDirectiveNode)
      if (node.name.value !== GraphQLDeprecatedDirective.name) return
      if (typeof reason === 'string' && endOf(reason)) return
      faults.push(
        `${place.join('.')} is deprecated without a date: write "Removed after 2027-01-31: use …".`,
      )
    },
  })
  return faults
}
