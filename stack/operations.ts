import { join, relative } from 'node:path'
import { formatDocument } from '@urql/core'
import { buildSchema, type DocumentNode, Kind, parse } from 'graphql'
import { type InContract, inContracts } from './operations/contracts.ts'
import { byName, describedBy, type Operation, operationOf } from './operations/operation.ts'
import { partnerOperations, scopeFaults } from './operations/partners.ts'

const root = join(import.meta.dir, '..')
const registryFile = join(root, 'schema/operations.json')
const schemaFile = join(root, 'schema/api.graphql')
const supergraphFile = join(root, 'schema/supergraph.graphql')

const isDocument = (value: unknown): value is DocumentNode =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === Kind.DOCUMENT

/**
 * `__typename` everywhere: the client's normalised cache keys its entities by it. urql's document
 * type is graphql-js' own with wider literals.
 */
const formatted = (document: DocumentNode) => formatDocument(document) as DocumentNode

async function operationsIn(file: string): Promise<Operation[]> {
  const exported: Record<string, unknown> = await import(file)
  return Object.values(exported)
    .filter(isDocument)
    .map((document) => operationOf(formatted(document), 'web'))
    .filter((operation) => operation !== null)
}

async function webOperations(): Promise<Operation[]> {
  const files = await Array.fromAsync(new Bun.Glob('web/**/query.ts').scan({ cwd: root }))
  const found = await Promise.all(files.sort().map((file) => operationsIn(join(root, file))))
  return found.flat().sort(byName)
}

/** What has an address of its own below `/f`: one operation a file. */
async function functionOperations(): Promise<Operation[]> {
  const glob = new Bun.Glob('schema/functions/*.graphql')
  const files = await Array.fromAsync(glob.scan({ cwd: root }))
  const operations = await Promise.all(
    files.map(async (file) => {
      const source = await Bun.file(join(root, file)).text()
      const operation = operationOf(formatted(parse(source, { noLocation: true })), 'web')
      return operation && describedBy(source, operation)
    }),
  )
  return operations.filter((operation) => operation !== null)
}

/**
 * Every operation of the web client and of the functions, then those of partners' programs, by name. Throws when two
 * share a name, one does not fit the graph, or a partner's asks for more than partners may.
 */
export async function registeredOperations(): Promise<InContract[]> {
  const ours = [...(await webOperations()), ...(await functionOperations())].sort(byName)
  const operations = [...ours, ...(await partnerOperations())]
  const names = new Set(operations.map(({ name }) => name))
  if (names.size !== operations.length) throw new Error('Two operations share a name.')
  return valid(operations)
}

/** Each with its contract. Throws with one line a fault. */
async function valid(operations: readonly Operation[]): Promise<InContract[]> {
  const schema = buildSchema(await Bun.file(schemaFile).text())
  const supergraph = await Bun.file(supergraphFile).text()
  const contracted = inContracts(operations, supergraph)
  if (contracted.faults.length > 0) throw new Error(contracted.faults.join('\n'))
  const faults = scopeFaults(operations, { schema, supergraph })
  if (faults.length > 0) throw new Error(faults.join('\n'))
  return contracted.operations
}

const registryText = (operations: readonly Operation[]): string =>
  `${JSON.stringify(operations, null, 2)}\n`

/** One line when the registry differs from what the documents give. */
export async function operationsDrift(): Promise<string[]> {
  const operations = await registeredOperations()
  const file = Bun.file(registryFile)
  const current = (await file.exists()) ? await file.text() : ''
  if (current === registryText(operations)) return []
  return [`${relative(root, registryFile)} is stale: run \`bun run operations\``]
}

async function writeOperations(): Promise<void> {
  const operations = await registeredOperations()
  await Bun.write(registryFile, registryText(operations))
  console.log(`${operations.length} operations registered`)
}

/** What may be asked for beside writing the registry; loaded when it is. */
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  client: async (args) => (await import('./operations/client/main.ts')).writeClient(args),
  publish: async (args) => (await import('./operations/publish/main.ts')).publishOperations(args),
}

async function main([name, ...args]: readonly string[]): Promise<void> {
  if (name === undefined) return writeOperations()
  const command = commands[name]
  if (!command) throw new Error(`There are: ${Object.keys(commands).join(', ')}.`)
  await command(args)
}

if (import.meta.main) await main(process.argv.slice(2))
