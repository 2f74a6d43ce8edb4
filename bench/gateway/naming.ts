import { type DirectiveNode, Kind, parse, print, visit } from 'graphql'

/** What a type or a field of the benchmark is called in one copy of its graph. */
export type Naming = { readonly name: string; readonly of: (name: string) => string }

/** Letters of the second half for those of the first: every name stays as long as it was. */
const turned = (name: string) =>
  name.replace(/[a-z]/gi, (letter) => {
    const base = letter < 'a' ? 65 : 97
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base)
  })

export const plain: Naming = { name: 'plain', of: (name) => name }
/** The same graph in other words, for an engine that knew the benchmark by name. */
export const renamed: Naming = { name: 'renamed', of: turned }
export const namings: readonly Naming[] = [plain, renamed]

const builtIn: ReadonlySet<string> = new Set(['Query', 'ID', 'Int', 'String', 'Boolean'])
const keeps: ReadonlySet<string> = new Set(['key', 'external', 'requires', 'provides'])

const isOurs = (directive: DirectiveNode) => keeps.has(directive.name.value)

const keepsName: ReadonlySet<string> = new Set([Kind.DIRECTIVE, Kind.ARGUMENT])

/** A schema or an operation with all of its types and fields renamed. */
export function documentIn({ of }: Naming, text: string): string {
  const nameOf = (name: string) => (builtIn.has(name) ? name : of(name))
  const document = visit(parse(text), {
    Directive: (directive) =>
      isOurs(directive)
        ? {
            ...directive,
            arguments: directive.arguments?.map((argument) =>
              argument.value.kind === Kind.STRING
                ? { ...argument, value: { ...argument.value, value: of(argument.value.value) } }
                : argument,
            ),
          }
        : undefined,
    Name: (node, _key, parent) =>
      parent && 'kind' in parent && keepsName.has(parent.kind)
        ? undefined
        : { ...node, value: nameOf(node.value) },
  })
  return print(document)
}

/** Plain data with its keys renamed; what stands in it stays. */
export function dataIn(naming: Naming, data: unknown): unknown {
  if (Array.isArray(data)) return data.map((item) => dataIn(naming, item))
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [naming.of(key), dataIn(naming, value)]),
  )
}
