import { createHash } from 'node:crypto'
import { basename, join } from 'node:path'
import { readText } from './documents.ts'
import { RenderFault } from './fault.ts'
import { at, type Json, textsOf } from './json.ts'
import { type Generator, kustomizationFile, type Options } from './kustomization.ts'
import { kindOf, type Manifest, type Resource, resourceFrom } from './resource.ts'

type Pair = readonly [key: string, value: string]
/** Reads a file that a kustomization may read. */
export type ReadInside = (path: string) => string

const isQuoted = (text: string) =>
  text.length > 1 && text[0] === text.at(-1) && (text[0] === '"' || text[0] === "'")

function pairFrom(text: string, path: string): Pair {
  const split = text.indexOf('=')
  if (split < 1) throw new RenderFault(path, `"${text}" is not written key=value`)
  return [text.slice(0, split), text.slice(split + 1)]
}

function literalFrom(text: string, path: string): Pair {
  const [key, value] = pairFrom(text, path)
  return [key, isQuoted(value) ? value.slice(1, -1) : value]
}

const linesIn = (text: string): string[] =>
  text
    .replace(/^\ufeff/, '')
    .split('\n')
    .map((line) => line.trimStart().replace(/\r$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'))

function pairsOf(generator: Generator, path: string, read: ReadInside): Pair[] {
  const named = generator.files.map((source) =>
    source.includes('=') ? pairFrom(source, path) : ([basename(source), source] as const),
  )
  return [
    ...generator.envs.flatMap((file) => linesIn(read(file)).map((line) => pairFrom(line, path))),
    ...named.map(([key, file]): Pair => [key, read(file)]),
    ...generator.literals.map((text) => literalFrom(text, path)),
  ]
}

function dataOf(pairs: readonly Pair[], path: string): Record<string, string> {
  const data: Record<string, string> = {}
  for (const [key, value] of pairs) {
    if (key in data) throw new RenderFault(path, `the key "${key}" is given twice`)
    data[key] = value
  }
  return data
}

/** kustomize breaks base64 after 70 characters; the hash sees it. */
const base64 = (text: string): string => {
  const encoded = Buffer.from(text).toString('base64')
  const lines = encoded.match(/.{1,70}/g) ?? []
  return lines.length > 1 ? `${lines.join('\n')}\n` : encoded
}

const mergedOptions = (own: Options, shared: Options): Options => ({
  labels: { ...shared.labels, ...own.labels },
  annotations: { ...shared.annotations, ...own.annotations },
  disableNameSuffixHash: own.disableNameSuffixHash || shared.disableNameSuffixHash,
  immutable: own.immutable || shared.immutable,
})

const filled = (texts: Record<string, string>, field: string) =>
  Object.keys(texts).length > 0 ? { [field]: texts } : {}

type Request = {
  readonly folder: string
  readonly generator: Generator
  readonly shared: Options
  readonly read: ReadInside
}

/** The ConfigMap, or with a type the Secret, that a kustomization generates. */
export function generated({ folder, generator, shared, read }: Request): Resource {
  const path = join(folder, kustomizationFile)
  const options = mergedOptions(generator.options, shared)
  const data = dataOf(pairsOf(generator, path, read), path)
  const isSecret = generator.type !== undefined
  const encoded = Object.entries(data).map(([key, text]) => [key, base64(text)])
  const value: Manifest = {
    apiVersion: 'v1',
    kind: isSecret ? 'Secret' : 'ConfigMap',
    metadata: {
      name: generator.name,
      ...(generator.namespace === undefined ? {} : { namespace: generator.namespace }),
      ...filled(options.labels, 'labels'),
      ...filled(options.annotations, 'annotations'),
    },
    ...(generator.type === undefined ? {} : { type: generator.type }),
    ...filled(isSecret ? Object.fromEntries(encoded) : data, 'data'),
    ...(options.immutable ? { immutable: true } : {}),
  }
  return { ...resourceFrom(value, path), hasHash: !options.disableNameSuffixHash }
}

const sorted = (value: Json | undefined): Json => {
  const texts = textsOf(value)
  const keys = Object.keys(texts).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return keys.length > 0 ? Object.fromEntries(keys.map((key) => [key, texts[key] ?? ''])) : ''
}

/** As Go writes JSON: safe inside of HTML. */
const goJson = (value: Json): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

const letters: Readonly<Record<string, string>> = { 0: 'g', 1: 'h', 3: 'k', a: 'm', e: 't' }

/** What kustomize puts behind the name of a generated object, so that whoever mounts it is rolled when it changes. */
export function hashOf(value: Manifest): string {
  const content = {
    ...(value.binaryData === undefined ? {} : { binaryData: sorted(value.binaryData) }),
    data: sorted(value.data),
    kind: kindOf(value),
    // kustomize looks for a field that is called "metadata/name", and finds none.
    name: '',
    ...(kindOf(value) === 'Secret' ? { type: at(value, 'type') ?? '' } : {}),
  }
  const hex = createHash('sha256').update(goJson(content)).digest('hex').slice(0, 10)
  return [...hex].map((letter) => letters[letter] ?? letter).join('')
}

/** A file beside a kustomization; the loader decides which it may read. */
export const readFrom = (folder: string, allowed: (path: string) => string): ReadInside => {
  const from = join(folder, kustomizationFile)
  return (path) => readText(allowed(join(folder, path)), from)
}
