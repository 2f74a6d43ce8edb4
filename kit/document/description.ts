import { Kind, parse } from 'graphql'

/**
 * What a document says of its one operation, for whoever calls it: its description, or else the
 * comment that the text begins with. Null when it says nothing. Throws for text that is no GraphQL.
 */
export function descriptionOf(text: string): string | null {
  const { definitions } = parse(text, { noLocation: true })
  const operation = definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  const described = operation && 'description' in operation ? operation.description?.value : null
  return described?.trim() || commentIn(text)
}

const commentLine = /^#[ \t]?(.*)$/

function commentIn(text: string): string | null {
  const lines = text.trimStart().split(/\r?\n/)
  const length = lines.findIndex((line) => !commentLine.test(line))
  const said = lines.slice(0, length).map((line) => commentLine.exec(line)?.[1] ?? '')
  return said.join('\n').trim() || null
}
