import { readFileSync } from 'node:fs'
import { isScalar, parseAllDocuments, type ScalarTag, visit } from 'yaml'
import { RenderFault } from './fault.ts'
import { isRecord, type Json, type JsonRecord } from './json.ts'

/** YAML 1.1 reads these as true and false, YAML 1.2 as words: nobody may be left to guess. */
const ambiguous = /^(y|n|yes|no|on|off)$/i

/** The API server reads `0444` as octal; so do we. */
const octal: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^0[0-7]+$/,
  resolve: (text) => Number.parseInt(text, 8),
}

function parsed(text: string, path: string): Json[] {
  const documents = parseAllDocuments(text, {
    customTags: (tags) => [octal, ...tags],
    merge: true,
  })
  return [...documents].flatMap((document): Json[] => {
    const [error] = document.errors
    if (error) throw new RenderFault(path, error.message)
    visit(document, {
      Scalar: (_, { type, source }) => {
        if (type === 'PLAIN' && ambiguous.test(source ?? ''))
          throw new RenderFault(path, `"${source}" is true, false or a word: quote it`)
      },
    })
    if (document.contents === null || (isScalar(document.contents) && !document.contents.source))
      return []
    // What is left of a YAML document without tags of its own is JSON.
    return [document.toJS() as Json]
  })
}

/** Six overlays read the same files: parsing is most of the work. */
const known = new Map<string, Json[]>()

/** Every document of a YAML text that says something. Throws with the place of what it cannot read. */
export function documentsIn(text: string, path: string): Json[] {
  const key = `${path}\n${text}`
  const documents = known.get(key) ?? parsed(text, path)
  known.set(key, documents)
  return structuredClone(documents)
}

export function readText(path: string, from: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new RenderFault(from, `there is no file ${path}`)
  }
}

/** Every object of a YAML file. */
export const objectsIn = (text: string, path: string): JsonRecord[] =>
  documentsIn(text, path).map((value) => {
    if (!isRecord(value)) throw new RenderFault(path, 'a document is not an object')
    return value
  })
