/** Draws whole numbers below a bound. */
export type Draw = (below: number) => number

/** The same draws for the same seed. Source: mulberry32. */
export function drawsOf(seed: number): Draw {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const times = (count: number, make: (index: number) => string, between = ' ') =>
  Array.from({ length: count }, (_, index) => make(index)).join(between)

const wrapped = (depth: number, open: string, inner: string, close = '}') =>
  open.repeat(depth) + inner + close.repeat(depth)

/** Sizes from within any limit to far beyond it; each family has its own unit. */
const sizes = [3, 10, 30, 100, 300, 1_000, 3_000]

/** A fragment that spreads the next one `width` times, `depth` of them. */
const bomb = (depth: number, width: number, at: (spread: string, index: number) => string) =>
  times(depth, (level) => {
    const spreads = times(width, (index) => at(`...F${level + 1}`, index))
    return `fragment F${level} on Person { ${spreads} }`
  })

/** Copies of one field in each other: every copy meets every other one on its level. */
function pyramid(copies: number, depth: number): string {
  if (depth === 0) return times(copies, () => 'name')
  return times(copies, () => `friends { ${pyramid(copies, depth - 1)} }`)
}

const input = (size: number) => `{${times(size, (index) => `k${index}: "${index}"`)}}`

/** Each makes a document of about so many pieces; `draw` varies what does not matter. */
const families: Readonly<Record<string, (size: number, draw: Draw) => string>> = {
  'fields in fields': (size) => `{ me ${wrapped(size, '{ friends ', '{ name }')} }`,
  'nothing but braces': (size) => `{ ${wrapped(size, '... { ', '__typename ')} }`,
  'braces with a condition': (size) => `{ ${wrapped(size, '... on Query { ', 'hello ')} }`,
  aliases: (size, draw) => `{ ${times(size, (index) => `a${index + draw(9)}x${index}: hello`)} }`,
  'aliases of a type name': (size) => `{ ${times(size, (index) => `a${index}: __typename`)} }`,
  'aliases of a list': (size) => `{ ${times(size, (i) => `a${i}: people { friends { name } }`)} }`,
  'one field again and again': (size) => `{ ${times(size, () => 'hello')} }`,
  'one field with arguments': (size, draw) =>
    `{ ${times(size, () => `greet(name: "${'x'.repeat(draw(60))}")`)} }`,
  'one field with large arguments': (size) => {
    const value = input(Math.ceil(Math.sqrt(size)))
    return `{ ${times(Math.ceil(Math.sqrt(size)) * 3, () => `greet(name: ${value})`)} }`
  },
  'one field with long texts': (size) =>
    `{ ${times(Math.ceil(size / 10), () => `greet(name: "${'y'.repeat(300)}")`)} }`,
  'copies in copies, two wide': (size) => `{ people { ${pyramid(2, Math.log2(size) | 0)} } }`,
  'copies in copies, four wide': (size) => `{ people { ${pyramid(4, Math.log2(size) >> 1)} } }`,
  'copies that differ': (size, draw) =>
    `{ me { ${times(size, () => `x: ${['name', 'id', 'label'][draw(3)]}`)} } }`,
  'a fragment of copies that nobody uses': (size) =>
    `{ hello } fragment Unused on Person { ${times(size, () => 'name')} }`,
  'fragments of copies that nobody uses': (size) =>
    `{ hello } ${times(Math.ceil(size / 20), (i) => `fragment U${i} on Person { ${times(20, () => 'name')} }`)}`,
  'fragments that double': (size) =>
    `{ me { ...F0 } } ${bomb(size, 2, (spread) => spread)} fragment F${size} on Person { name }`,
  'fragments that double below aliases': (size) =>
    `{ me { ...F0 } } ${bomb(size, 2, (spread, index) => `a${index}: friends { ${spread} }`)} fragment F${size} on Person { name }`,
  'fragments that double below one field': (size) =>
    `{ me { ...F0 } } ${bomb(size, 3, (spread) => `friends { ${spread} }`)} fragment F${size} on Person { name }`,
  'fragments that end nowhere': (size) => `{ me { ...F0 } } ${bomb(size, 2, (spread) => spread)}`,
  'fragments that double, unused': (size) =>
    `{ hello } ${bomb(size, 2, (spread, index) => `a${index}: friends { ${spread} }`)} fragment F${size} on Person { name }`,
  'fragments in a circle': (size) =>
    `{ me { ...F0 } } ${bomb(size, 1, (spread) => spread)} fragment F${size} on Person { ...F0 }`,
  'fragments in a row': (size) =>
    `{ me { ...F0 } } ${bomb(size, 1, (spread) => `name ${spread}`)} fragment F${size} on Person { name }`,
  'many fragments side by side': (size) =>
    `{ me { ${times(size, (i) => `...F${i}`)} } } ${times(size, (i) => `fragment F${i} on Person { name }`)}`,
  'fragments that are not there': (size) => `{ me { ${times(size, (i) => `...M${i}`)} } }`,
  'fragments that meet in conflict': (size) =>
    `{ me { ${times(size, (i) => `...F${i}`)} } } ${times(size, (i) => `fragment F${i} on Person { x: ${i % 2 ? 'name' : 'id'} }`)}`,
  'directives on a field': (size) => `{ hello ${times(size, () => '@include(if: true)')} }`,
  'directives that are unknown': (size) => `{ hello ${times(size, (i) => `@d${i}`)} }`,
  'directives on an operation': (size) => `query ${times(size, () => '@x')} { hello }`,
  'directives on a variable': (size) => `query ($a: Int ${times(size, () => '@x')}) { hello }`,
  'directives on a fragment': (size) =>
    `{ me { ...F } } fragment F on Person ${times(size, () => '@x')} { name }`,
  'variables that nobody uses': (size) =>
    `query (${times(size, (i) => `$v${i}: Int = ${i}`)}) { hello }`,
  'variables that are not declared': (size) =>
    `{ ${times(size, (i) => `a${i}: greet(name: $v${i})`)} }`,
  'a type of lists': (size) => `query ($a: ${wrapped(size, '[', 'Int', ']')}) { hello }`,
  'a value of lists': (size) => `{ greet(name: ${wrapped(size, '[', '1', ']')}) }`,
  'a value of objects': (size) => `{ greet(name: ${wrapped(size, '{a: ', '1')}) }`,
  'a default of lists': (size) => `query ($a: Int = ${wrapped(size, '[', '1', ']')}) { hello }`,
  'a wide value': (size) => `{ greet(name: ${input(size)}) }`,
  'a wide list': (size) => `{ greet(name: [${times(size, String)}]) }`,
  'arguments nobody knows': (size) => `{ greet(${times(size, (i) => `a${i}: 1`)}) }`,
  'fields nobody knows': (size, draw) => `{ ${times(size, (i) => `f${draw(9)}${i}`)} }`,
  'types nobody knows': (size) => `{ ${times(size, (i) => `... on T${i} { id }`)} }`,
  'enum values nobody knows': (size) =>
    `{ ${times(size, (i) => `a${i}: greet(name: "x", mood: GOOOD${i})`)} }`,
  'a long name': (size) => `{ ${'n'.repeat(size * 20)} }`,
  'a long text': (size) => `{ greet(name: "${'t'.repeat(size * 20)}") }`,
  'a long text of escapes': (size) => `{ greet(name: "${'\\u0041'.repeat(size * 4)}") }`,
  'a long block of text': (size) => `{ greet(name: """${'  line\n'.repeat(size * 4)}""") }`,
  'a long number': (size) => `{ greet(name: ${'9'.repeat(size * 20)}) }`,
  'comments and commas': (size) => `${'#,\n,,'.repeat(size * 5)}{ hello }`,
  'many operations': (size) => times(size, (i) => `query Q${i} { hello }`),
  'operations of one fragment': (size) =>
    `${times(Math.ceil(size / 10), (i) => `query Q${i} { me { ...F0 } }`)} ${bomb(size, 1, (s) => `name ${s}`)} fragment F${size} on Person { name }`,
  'definitions of types': (size) => `{ hello } ${times(size, (i) => `type T${i} { a: Int }`)}`,
  'questions about the schema': (size) =>
    `{ __schema { types { ${wrapped(size, 'fields { type { ', 'name ', '} } ')} } } }`,
  'brackets that never close': (size) => '{ a '.repeat(size),
  'parentheses that never close': (size) => `{ a(b: ${'['.repeat(size)}`,
}

export type HostileDocument = { readonly family: string; readonly text: string }

/** Every family in every size, again and again with other draws, the first `count` of them. */
export function hostileDocuments(count: number, seed: number): HostileDocument[] {
  const draw = drawsOf(seed)
  const names = Object.entries(families)
  return Array.from({ length: count }, (_, index) => {
    const [family, make] = names[index % names.length] ?? ['', () => '']
    const size = sizes[Math.floor(index / names.length) % sizes.length] ?? 0
    return { family, text: make(jittered(size, draw), draw) }
  })
}

/** Up to twice as much, so that documents land on both sides of every limit. */
const jittered = (size: number, draw: Draw) => size + draw(size)
