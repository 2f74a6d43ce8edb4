import { Lexer, Source } from 'graphql'

/** A text with its literals taken out. */
export type Hoisted = {
  /**
   * The text with a mark in place of each literal that tells an Int from a Float from a String:
   * texts of one shape differ in nothing but their literals.
   */
  readonly shape: string
  /** In the order of the text: a number as it is written, a string as it is meant. */
  readonly literals: readonly string[]
}

/** No text may hold these outside strings, so no shape is the shape of something else. */
const marks = { Int: '\u0001', Float: '\u0002', String: '\u0003' } as const

/** Null for a text without literals, and for one that is not worth looking at: it is no GraphQL. */
export function hoisted(text: string): Hoisted | null {
  const literals: string[] = []
  let shape = ''
  let copied = 0
  let at = 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    const kind = code < kinds.length ? kinds[code] : other
    if (kind === name) at = endOfName(text, at + 1)
    else if (kind === comment) at = endOfLine(text, at + 1)
    else if (kind === other) return null
    else if (kind === punctuation) at += 1
    else {
      const literal = kind === quote ? stringAt(text, at) : numberAt(text, at)
      if (!literal) return null
      shape += text.slice(copied, at) + literal.mark
      literals.push(literal.value)
      at = literal.end
      copied = at
    }
  }
  return literals.length === 0 ? null : { shape: shape + text.slice(copied), literals }
}

const [other, punctuation, name, comment, quote, number] = [0, 1, 2, 3, 4, 5] as const

/** What begins with a character of ASCII. Source: GraphQL, September 2025, 2.1. */
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  if (/[A-Za-z_]/.test(character)) return name
  if (/[\d-]/.test(character)) return number
  if (character === '"') return quote
  if (character === '#') return comment
  return /[\t\n\r ,!$&().:=@[\]{|}]/.test(character) ? punctuation : other
})

const isNamePart = (code: number) =>
  code < kinds.length && (kinds[code] === name || (code >= 48 && code <= 57))

function endOfName(text: string, from: number): number {
  let at = from
  while (at < text.length && isNamePart(text.charCodeAt(at))) at += 1
  return at
}

function endOfLine(text: string, from: number): number {
  let at = from
  // A mark in a comment is text like any other, for the comment is the same in the whole shape.
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at += 1
  return at
}

type Literal = { readonly value: string; readonly mark: string; readonly end: number }

const numberPattern = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?(?![\w.])/y

function numberAt(text: string, at: number): Literal | null {
  numberPattern.lastIndex = at
  const match = numberPattern.exec(text)
  if (!match) return null
  const [value, fraction, exponent] = match
  const mark = fraction === undefined && exponent === undefined ? marks.Int : marks.Float
  return { value, mark, end: at + value.length }
}

const plainString = /"([^"\\\n\r\ud800-\udfff]*)"/y

function stringAt(text: string, at: number): Literal | null {
  if (!text.startsWith('"""', at)) {
    plainString.lastIndex = at
    const [whole, value] = plainString.exec(text) ?? []
    if (whole !== undefined && value !== undefined)
      return { value, mark: marks.String, end: at + whole.length }
  }
  return unescapedAt(text, at)
}

/** Escapes and block strings are read by graphql-js, which knows what they mean. */
function unescapedAt(text: string, at: number): Literal | null {
  try {
    const { value, end } = new Lexer(new Source(text.slice(at))).advance()
    return { value, mark: marks.String, end: at + end }
  } catch {
    return null
  }
}
