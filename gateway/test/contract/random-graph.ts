import fc from 'fast-check'
import { contractNamed } from '#schema/contracts'

/** A graph of a few types whose fields carry tags at random; `text` is a whole supergraph. */
export type RandomGraph = { readonly text: string; readonly tagOf: ReadonlyMap<string, string> }

const outputs = ['Query', 'A', 'B', 'C'] as const
const tags = ['', 'public', 'partner', 'app', 'admin', 'other'] as const
const leaves = ['String', 'ID!', 'Colour', '[Moment!]!'] as const
const composites = ['A', '[B!]!', 'C', 'Both', 'Shape', 'Shape!'] as const

type Drawn = {
  readonly type: string
  readonly tag: string
  readonly argument: string
}

const drawnField = fc.record({
  type: fc.oneof(fc.constantFrom(...leaves), fc.constantFrom(...composites)),
  tag: fc.constantFrom(...tags),
  argument: fc.constantFrom('', '(size: Size)', '(box: Box)', '(box: [Box!], colour: Colour)'),
})

const drawnType = fc.record({
  tag: fc.constantFrom(...tags),
  id: fc.constantFrom(...tags),
  fields: fc.array(drawnField, { minLength: 1, maxLength: 4 }),
})

const tagged = (tag: string) => (tag ? ` @tag(name: "${tag}")` : '')

const fieldText = ({ type, tag, argument }: Drawn, index: number) =>
  `f${index}${argument}: ${type} @join__field(graph: ONE)${tagged(tag)}`

export const randomGraph: fc.Arbitrary<RandomGraph> = fc
  .record({
    types: fc.tuple(drawnType, drawnType, drawnType, drawnType),
    shape: fc.constantFrom(...tags),
    hidden: fc.boolean(),
  })
  .map(({ types, shape, hidden }) => {
    const tagOf = new Map<string, string>([['Shape.id', shape]])
    const written = types.map(({ tag, id, fields }, index) => {
      const name = outputs[index] ?? ''
      const isShape = name === 'A' || name === 'C'
      for (const [at, field] of fields.entries())
        tagOf.set(`${name}.f${at}`, contractNamed(field.tag) ?? tag)
      if (isShape) tagOf.set(`${name}.id`, contractNamed(id) ?? tag)
      const own = isShape ? [`id: ID!${tagged(id)}`] : []
      const lines = [...own, ...fields.map(fieldText)].map((line) => `  ${line}`)
      const implemented = isShape ? ' implements Shape' : ''
      return `type ${name}${implemented} @join__type(graph: ONE)${tagged(tag)} {\n${lines.join('\n')}\n}`
    })
    const inputs = `
input Box @join__type(graph: ONE) { size: Size inner: Box${hidden ? ' secret: Colour @inaccessible' : ''} }
enum Size @join__type(graph: ONE) { SMALL BIG${hidden ? ' HIDDEN @inaccessible' : ''} }
enum Colour @join__type(graph: ONE) { RED }
scalar Moment @join__type(graph: ONE)
union Both @join__type(graph: ONE) = A | B
interface Shape @join__type(graph: ONE) { id: ID!${tagged(shape)} }`
    return { text: `${preamble}\n${written.join('\n')}\n${inputs}`, tagOf }
  })

const preamble = `schema @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/tag/v0.3")
  @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY) { query: Query }
directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE
directive @inaccessible on FIELD_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__type(graph: join__Graph!) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__field(graph: join__Graph) repeatable on FIELD_DEFINITION
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
enum join__Graph { ONE @join__graph(name: "one", url: "") }`
