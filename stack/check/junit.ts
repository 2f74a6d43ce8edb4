import type { Tally } from './tally.ts'

export type Case = { readonly file: string; readonly name: string; readonly outcome: keyof Tally }

export type Report = {
  readonly tally: Tally
  /** Files that the report knows; a file that broke while loading is missing. */
  readonly files: readonly string[]
  /** Every test by its own name and the file that holds it. */
  readonly cases: readonly Case[]
  /** `file > group > name` of each skipped test. */
  readonly skipped: readonly string[]
  /** The same of each failed one, with what it says and where. */
  readonly failures: readonly string[]
}

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&amp;': '&',
}
const plain = (text: string) =>
  text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&(lt|gt|quot|apos|amp);/g, (entity) => entities[entity] ?? entity)

const attributesOf = (tag: string) =>
  new Map([...tag.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]))

const testCase = /<testcase\s([^>]*?)(\/>|>([\s\S]*?)<\/testcase>)/g

const outcomeOf = (body: string): keyof Tally => {
  if (/<(failure|error)\b/.test(body)) return 'failed'
  return body.includes('<skipped') ? 'skipped' : 'passed'
}

const nameOf = (attributes: ReadonlyMap<string, string>) =>
  ['file', 'classname', 'name']
    .map((key) => plain(attributes.get(key) ?? ''))
    .filter(Boolean)
    .join(' > ')

/** Where the test begins, as terminals open it. */
const placeOf = (attributes: ReadonlyMap<string, string>) =>
  `(${attributes.get('file') ?? ''}:${attributes.get('line') ?? '1'})`

/** The message and the stack of a failure, without the tags around them. */
const reasonOf = (body: string) => plain(body.replace(/<[^>]*>/g, '')).trim()

/** Reads what `bun test --reporter=junit` writes. */
export function reportFrom(xml: string): Report {
  const tally = { passed: 0, failed: 0, skipped: 0 }
  const files = new Set<string>()
  const cases: Case[] = []
  const skipped: string[] = []
  const failures: string[] = []
  for (const [, tag = '', , body = ''] of xml.matchAll(testCase)) {
    const attributes = attributesOf(tag)
    const outcome = outcomeOf(body)
    tally[outcome] += 1
    const file = attributes.get('file') ?? ''
    cases.push({ file, name: plain(attributes.get('name') ?? ''), outcome })
    files.add(file)
    if (outcome === 'skipped') skipped.push(nameOf(attributes))
    if (outcome === 'failed')
      failures.push(`${nameOf(attributes)} ${placeOf(attributes)}\n${reasonOf(body)}`)
  }
  return { tally, files: [...files], cases, skipped, failures }
}
