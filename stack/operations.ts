import { createHash } from 'node:crypto'
import { join, relative } from 'node:path'
import { formatDocument } from '@urql/core'
import { buildSchema, type DocumentNode, Kind, print, validate } from 'graphql'

/** A registered operation: what the gateway may run for a client that sends only its hash. */
export type Operation = {
  hash: string
  name: string
  kind: 'query' | 'mutation' | 'subscription'
  client: 'web'
  document: string
}

const root = join(import.meta.dir, '..')
const registryFile = join(root, 'schema/operations.json')
const schemaFile = join(root, 'schema/api.graphql')

const isDocument = (value: unknown): value is DocumentNode =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === Kind.DOCUMENT

// urql's document type is graphql-js' own with wider literals.
const formatted = (document: DocumentNode) => formatDocument(document) as DocumentNode

/** `__typename` everywhere: the client's normalised cache keys its entities by it. */
function operationFrom(document: DocumentNode): Operation | null {
  const [definition] = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  if (definition?.kind !== Kind.OPERATION_DEFINITION || !definition.name) return null
  const text = print(formatted(document))
  return {
    hash: createHash('sha256').update(text).digest('hex'),
    name: definition.name.value,
    kind: definition.operation,
    client: 'web',
    document: text,
  }
}

async function operationsIn(file: string): Promise<Operation[]> {
  const exported: Record<string, unknown> = await import(file)
  return Object.values(exported)
    .filter(isDocument)
    .map(operationFrom)
    .filter((operation) => operation !== null)
}

/** Every operation of the web client, by name. Throws when two share a name or one does not fit the graph. */
export async function webOperations(): Promise<Operation[]> {
  const files = await Array.fromAsync(new Bun.Glob('web/**/query.ts').scan({ cwd: root }))
  const found = await Promise.all(files.sort().map((file) => operationsIn(join(root, file))))
  const operations = found.flat().sort((a, b) => (a.name < b.name ? -1 : 1))
  const names = new Set(operations.map(({ name }) => name))
  if (names.size !== operations.length) throw new Error('Two operations share a name.')
  await requireValid(operations)
  return operations
}

async function requireValid(operations: readonly Operation[]): Promise<void> {
  const { parse } = await import('graphql')
  const schema = buildSchema(await Bun.file(schemaFile).text())
  const faults = operations.flatMap(({ name, document }) =>
    validate(schema, parse(document)).map(({ message }) => `${name}: ${message}`),
  )
  if (faults.length > 0) throw new Error(faults.join('\n'))
}

const registryText = (operations: readonly Operation[]): string =>
  `${JSON.stringify(operations, null, 2)}\n`

/** One line when the registry differs from what the documents give. */
export async function operationsDrift(): Promise<string[]> {
  const operations = await webOperations()
  const file = Bun.file(registryFile)
  const current = (await file.exists()) ? await file.text() : ''
  if (current === registryText(operations)) return []
  return [`${relative(root, registryFile)} is stale: run \`bun run operations\``]
}

async function writeOperations(): Promise<void> {
  const operations = await webOperations()
  await Bun.write(registryFile, registryText(operations))
  console.log(`${operations.length} operations registered`)
}

if (import.meta.main) await writeOperations()
