import { buildSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql'

/** Sends one document and gives all that came back, as text. */
export type Ask = (document: string) => Promise<string>

type Options = {
  readonly ask: Ask
  /** Words that may be names of the graph: an attacker has longer lists, and ours has every name. */
  readonly words: readonly string[]
}

/** Every name in a schema that its author gave, without those of GraphQL itself. */
export function namesIn(sdl: string): Set<string> {
  const types = Object.values(buildSchema(sdl).getTypeMap()).filter(
    ({ name, astNode }) => astNode && !name.startsWith('__'),
  )
  return new Set(
    types.flatMap((type) => {
      if (isEnumType(type)) return [type.name, ...type.getValues().map(({ name }) => name)]
      if (isInputObjectType(type)) return [type.name, ...Object.keys(type.getFields())]
      if (!isObjectType(type) && !isInterfaceType(type)) return [type.name]
      const fields = Object.values(type.getFields())
      const args = fields.flatMap((field) => field.args.map(({ name }) => name))
      return [type.name, ...fields.map(({ name }) => name), ...args]
    }),
  )
}

const chunkSize = 80
/** Fields below which the search goes on. */
const fieldsMax = 3

/** Where a word is tried: whatever validation says of it tells what it is. */
const places: readonly ((words: readonly string[]) => string)[] = [
  (words) => `{ ${words.join(' ')} }`,
  (words) => `mutation { ${words.join(' ')} }`,
  (words) => `{ ${words.map((word) => `${word}q`).join(' ')} }`,
  (words) => `mutation { ${words.map((word) => `${word}q`).join(' ')} }`,
  (words) => `{ __typename ${words.map((word) => `... on ${word} { __typename }`).join(' ')} }`,
  (words) => `query (${words.map((word, at) => `$v${at}: ${word}`).join(', ')}) { __typename }`,
  (words) => `{ ${words.map((word, at) => `a${at}: __type(name: "${word}") { name }`).join(' ')} }`,
  (words) => `{ __typename ${words.map((word) => `@${word}`).join(' ')} }`,
]

/** Below a field that was found: its fields, its arguments, the values that these take. */
const inside: readonly ((field: string, words: readonly string[]) => string)[] = [
  (field, words) => `{ ${field} { ${words.join(' ')} } }`,
  (field, words) => `{ ${field} { ${words.map((word) => `${word}q`).join(' ')} } }`,
  (field, words) => `{ ${field}(${words.map((word) => `${word}: 1`).join(', ')}) { id } }`,
  (field, words) =>
    `{ ${field}(input: { ${words.map((word) => `${word}: 1`).join(', ')} }) { id } }`,
  (field, words) => `{ ${field}(order: ${words[0]}) { id } }`,
]

/**
 * What of the graph comes out by guessing and by reading what is answered: names that an answer
 * says although they were not asked for, and words that are answered differently from nonsense.
 * After clairvoyance, by Nikita Stupin.
 */
export async function recover({ ask, words }: Options): Promise<Set<string>> {
  const known = new Set(words)
  const found = new Set<string>()
  const said = new Set<string>()
  /** What answers say whatever was asked: their keys, and the words of their sentences. */
  const chatter = new Set<string>()
  const tryAt = async (write: Write, tried: readonly string[]): Promise<string[]> => {
    const document = write(tried)
    const answer = await ask(document)
    const other = tried.map(nonsenseFor)
    const control = await ask(write(other))
    for (const word of wordsIn(control)) chatter.add(word)
    for (const word of wordsIn(answer).difference(wordsIn(document)))
      if (known.has(word)) said.add(word)
    const expected = blanked(control, other)
    if (blanked(answer, tried) === expected) return []
    if (tried.length === 1) return [...tried]
    const half = Math.ceil(tried.length / 2)
    return [
      ...(await tryAt(write, tried.slice(0, half))),
      ...(await tryAt(write, tried.slice(half))),
    ]
  }
  const roots = new Set<string>()
  for (const write of places)
    for (const chunk of chunksOf(words))
      for (const word of await tryAt(write, chunk)) {
        found.add(word)
        roots.add(word)
      }
  for (const field of [...roots].slice(0, fieldsMax))
    for (const write of inside)
      for (const chunk of chunksOf(words))
        for (const word of await tryAt((list) => write(field, list), chunk)) found.add(word)
  return found.union(said.difference(chatter))
}

type Write = (words: readonly string[]) => string

/** As long as the word, so that no place in the text is another. */
const nonsenseFor = (word: string, at: number) =>
  `zq${at.toString(36).padStart(2, 'x')}${'j'.repeat(word.length)}`.slice(
    0,
    Math.max(4, word.length),
  )

/** What was said of words, whichever they were, and without what they were taken to mean. */
const blanked = (answer: string, words: readonly string[]) => {
  const tried = new Set(words.flatMap((word) => [word, `${word}q`]))
  return (
    answer
      .replace(/ Did you mean [^?]*\?/g, '')
      .replace(/"locations":\[[^\]]*\]/g, '')
      // Names stand in quotes within a sentence; keys of the answer do not.
      .replace(/\\"(@?\w+)\\"/g, (quoted, name: string) =>
        tried.has(name.replace('@', '')) ? '·' : quoted,
      )
  )
}

const wordsIn = (text: string) => new Set(text.match(/[A-Za-z_]\w*/g))

const chunksOf = (words: readonly string[]) =>
  Array.from({ length: Math.ceil(words.length / chunkSize) }, (_, at) =>
    words.slice(at * chunkSize, (at + 1) * chunkSize),
  )
