import {
  type DirectiveNode,
  type DocumentNode,
  Kind,
  type SelectionNode,
  type ValueNode,
  visit,
} from 'graphql'

/** What each variable in a `@skip` or `@include` says, for one run. */
export type Truths = ReadonlyMap<string, boolean>

const isCondition = ({ name }: DirectiveNode) => name.value === 'skip' || name.value === 'include'

const conditionOf = ({ arguments: given = [] }: DirectiveNode): ValueNode | undefined =>
  given.find(({ name }) => name.value === 'if')?.value

/** The variables that decide which selections there are, each once. */
export function conditionVariablesIn(document: DocumentNode): readonly string[] {
  const names = new Set<string>()
  visit(document, {
    [Kind.DIRECTIVE]: (directive) => {
      const value = isCondition(directive) ? conditionOf(directive) : undefined
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value)
    },
  })
  return [...names]
}

/** False for what the conditions leave out. Source: GraphQL, September 2025, 3.13.1 and 3.13.2. */
export const isIncluded = ({ directives = [] }: SelectionNode, truths: Truths): boolean =>
  directives.filter(isCondition).every((directive) => {
    const isTrue = truthOf(conditionOf(directive), truths)
    return directive.name.value === 'skip' ? !isTrue : isTrue
  })

const truthOf = (value: ValueNode | undefined, truths: Truths): boolean => {
  if (value?.kind === Kind.BOOLEAN) return value.value
  return value?.kind === Kind.VARIABLE && truths.get(value.name.value) === true
}
