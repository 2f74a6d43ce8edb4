import { join } from 'node:path'
import { type GraphQLSchema, Kind, parse } from 'graphql'
import { scopesOf } from '#schema/scopes'
import { rulesIn } from '../../gateway/engine/authorize/index.ts'
import { permits, rulesOf } from '../../gateway/engine/authorize/rules.ts'
import { supergraphFrom } from '../../gateway/engine/supergraph/index.ts'
import { byName, describedBy, type Operation, operationOf } from './operation.ts'

const root = join(import.meta.dir, '../..')

async function operationIn(file: string): Promise<Operation> {
  const source = await Bun.file(join(root, file)).text()
  const document = parse(source, { noLocation: true })
  const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  const operation = operations.length === 1 ? operationOf(document, 'partner') : null
  if (operation) return describedBy(source, operation)
  throw new Error(`${file} must have one operation, with a name.`)
}

/** What partners' programs may run: one operation a file, by name. */
export async function partnerOperations(): Promise<Operation[]> {
  const files = await Array.fromAsync(new Bun.Glob('schema/partners/*.graphql').scan({ cwd: root }))
  const operations = await Promise.all(files.map(operationIn))
  return operations.sort(byName)
}

/** One line an operation that asks for a field which no partner's token can open. */
export function scopeFaults(
  operations: readonly Operation[],
  { schema, supergraph }: { schema: GraphQLSchema; supergraph: string },
): string[] {
  const rules = rulesOf(supergraphFrom(supergraph))
  const partner = {
    authenticated: true,
    scopes: scopesOf(['PARTNER_APP']),
    policies: new Set<string>(),
  }
  return operations
    .filter(({ client }) => client === 'partner')
    .filter(({ document }) => {
      const parsed = parse(document, { noLocation: true })
      return rulesIn({ schema, rules }, parsed).some((rule) => !permits(rule, partner))
    })
    .map(({ name }) => `${name}: asks for a field that no partner may read.`)
}
