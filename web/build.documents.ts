import { join } from 'node:path'
import type { BunPlugin } from 'bun'
import { type ASTNode, Kind, parse } from 'graphql'

const registry = join(import.meta.dir, '../schema/operations.json')
const call = /\bgraphql\(\s*`([^`]+)`/g

/** What neither urql nor its cache reads: variable types, the kind of a name, places, what is empty. */
function isSpare(key: string, value: unknown, owner: object): boolean {
  const kind = 'kind' in owner ? owner.kind : null
  if (key === 'kind') return kind === Kind.NAME
  if (key === 'type') return kind === Kind.VARIABLE_DEFINITION
  return key === 'loc' || key === 'block' || (Array.isArray(value) && value.length === 0)
}

const slim = (node: ASTNode | undefined): string =>
  JSON.stringify(node, function (this: object, key, value: unknown) {
    return isSpare(key, value, this) ? undefined : value
  })

async function registeredIds(): Promise<Map<string, string>> {
  const operations: { name: string; hash: string }[] = await Bun.file(registry).json()
  return new Map(operations.map(({ name, hash }) => [name, `sha256:${hash}`]))
}

/** One definition as the arguments of the client's `graphql`: its tree and the id it is sent by. */
function compiled(text: string, ids: ReadonlyMap<string, string>): string {
  const [definition] = parse(text, { noLocation: true }).definitions
  const name = definition && 'name' in definition ? (definition.name?.value ?? '') : ''
  return `/* @__PURE__ */ graphql(${slim(definition)}, ${JSON.stringify(ids.get(name) ?? name)}`
}

/** In the browser a document is a tree made at build time: an operation, then its fragments once each. */
const client = `export const graphql = (definition, id, fragments = []) => ({
  kind: 'Document',
  id,
  definitions: [...new Set([definition, ...fragments.flatMap(({ definitions }) => definitions)])],
})`

/** urql names a document by its text; ours by its id. */
const withoutText = (library: string): string =>
  `export { GraphQLError, Kind, valueFromASTUntyped } from ${JSON.stringify(library)}
export const print = ({ id }) => id
export const parse = () => { throw new TypeError('Documents are made at build time.') }`

/** Compiles documents to trees with their registered ids: no parser, no printer, no table of hashes in the browser. */
export const documents: BunPlugin = {
  name: 'plexus-documents',
  setup(build) {
    const library = Bun.resolveSync('@0no-co/graphql.web', Bun.resolveSync('urql', import.meta.dir))
    build.onLoad({ filter: /\/web\/graph\/tada\.ts$/ }, () => ({ contents: client, loader: 'js' }))
    build.onLoad({ filter: /\/web\/(graph\/fragments|.*\/query)\.ts$/ }, async ({ path }) => {
      const source = await Bun.file(path).text()
      const ids = await registeredIds()
      return {
        contents: source.replace(call, (_, text: string) => compiled(text, ids)),
        loader: 'ts',
      }
    })
    build.onResolve({ filter: /^@0no-co\/graphql\.web$/ }, ({ importer }) =>
      importer.includes('urql') ? { path: 'graphql.web', namespace: 'plexus' } : undefined,
    )
    build.onLoad({ filter: /.*/, namespace: 'plexus' }, () => ({
      contents: withoutText(library),
      loader: 'js',
    }))
  },
}
