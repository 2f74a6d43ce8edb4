import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildSchema } from 'graphql'
import { registryFrom } from '../../../gateway/operations/registry.ts'
import { clientText } from './generate.ts'

const root = join(import.meta.dir, '../../..')

const usage = `bun run operations client --client NAME --out DIR [--from FILE|URL] [--token-file FILE]

  --client      whose operations: web, partner, public, or a program's client id
  --out         the folder that client.ts is written to
  --from        the registered operations as JSON, or the origin of an installation: then the
                operations and the schema of whoever the token is for (default: this repository's)
  --schema      the schema that they fit, with a file of operations (default: this repository's)
  --token-file  holds the access token or API key for an installation`

type Source = { readonly operations: string; readonly schema: string }

const isUrl = (text: string) => /^https?:\/\//.test(text)

async function sourceOf(from: string, schema: string, token: string | null): Promise<Source> {
  const read = async (where: string) => {
    if (!isUrl(where)) return Bun.file(where).text()
    const headers = token === null ? {} : { authorization: `Bearer ${token}` }
    const answer = await fetch(where, { headers })
    if (answer.ok) return answer.text()
    throw new Error(`${where} answers ${answer.status}: ${await answer.text()}`)
  }
  if (!isUrl(from)) return { operations: await read(from), schema: await read(schema) }
  const at = (path: string) => read(String(new URL(path, from)))
  return { operations: await at('/api/operations.json'), schema: await at('/api/schema.graphql') }
}

/** Programs run their own operations, and those of every partner. */
const clientsOf = (client: string) =>
  ['web', 'partner', 'public'].includes(client) ? [client] : [client, 'partner']

/** Writes `client.ts`. Throws with the usage when what was asked for is not clear. */
export async function writeClient(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      client: { type: 'string' },
      out: { type: 'string' },
      from: { type: 'string', default: join(root, 'schema/operations.json') },
      schema: { type: 'string', default: join(root, 'schema/api.graphql') },
      'token-file': { type: 'string' },
    },
  })
  const { client, out, from, schema, 'token-file': tokenFile } = values
  if (!client || !out) throw new Error(usage)
  const token = tokenFile === undefined ? null : (await Bun.file(tokenFile).text()).trim()
  const source = await sourceOf(from, schema, token)
  const clients = clientsOf(client)
  const operations = clients.flatMap((name) =>
    registryFrom(source.operations)
      .all()
      .filter((one) => one.client === name && one.retiredAt === null),
  )
  if (operations.length === 0) throw new Error(`No operation is registered for ${client}.`)
  const runtime = await Bun.file(join(import.meta.dir, 'runtime.ts')).text()
  const text = clientText({ client, operations, schema: buildSchema(source.schema), runtime })
  await mkdir(out, { recursive: true })
  await Bun.write(join(out, 'client.ts'), text)
  console.log(`${operations.length} operations of ${client}: ${join(out, 'client.ts')}`)
}
