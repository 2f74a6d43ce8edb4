import { Kind, parse } from 'graphql'
import { z } from 'zod'
import { StartError } from '../../start-error.ts'

export type Text = { readonly name: string; readonly document: string }

const Listed = z.array(z.object({ name: z.string(), document: z.string() }))
const ApolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  operations: z.array(z.object({ name: z.string(), body: z.string() })),
})
/** As Relay and GraphQL Code Generator write it: from the hash to the text. */
const ByHash = z.record(z.string(), z.string())

/** What tools write, the most telling form first. */
const Manifest = z.union([
  Listed,
  ApolloManifest.transform(({ operations }) =>
    operations.map(({ name, body }) => ({ name, document: body })),
  ),
  ByHash.transform((texts) => Object.values(texts).map(textOf)),
])

/** The text as it stands: its hash is what `sha256sum` says of the file. */
function textOf(document: string): Text {
  const operation = parse(document, { noLocation: true }).definitions.find(
    ({ kind }) => kind === Kind.OPERATION_DEFINITION,
  )
  const name = operation?.kind === Kind.OPERATION_DEFINITION ? operation.name?.value : undefined
  return { name: name ?? '', document }
}

/**
 * The operations in files: one in each `.graphql` file, many in a manifest. Throws StartError that
 * names the file which is neither.
 */
export async function textsIn(files: readonly string[]): Promise<Text[]> {
  const texts = await Promise.all(
    files.map(async (file) => {
      try {
        const text = await Bun.file(file).text()
        return file.endsWith('.json') ? Manifest.parse(JSON.parse(text)) : [textOf(text)]
      } catch (cause) {
        throw new StartError(`${file} holds no operations that can be read.`, { cause })
      }
    }),
  )
  return texts.flat()
}
