import { parseArgs } from 'node:util'
import { stackConfigFrom } from '../../config.ts'
import { secretsIn } from '../../secrets.ts'
import { StartError } from '../../start-error.ts'
import { migrated, startDatabase } from '../../up/database.ts'
import { stackEnvironments } from '../../up/environments.ts'
import { linesOf } from './answer.ts'
import { textsIn } from './files.ts'
import { publishHere } from './here.ts'
import type { Publication } from './publication.ts'
import { type Credentials, publishAt } from './remote.ts'

const usage = `bun run operations publish --client NAME [--version V] [--at ORIGIN] FILE…

  FILE                .graphql with one operation, or a manifest: [{name, document}], Apollo's,
                      or {hash: text} as Relay and others write it
  --client            web, partner, public, or a program by its name or id
  --version           the client's own, for whoever looks at the registry
  --at                the installation (default: http://localhost:3000), with one of
  --token-file        an access token or an API key that may publish
  --credentials-file  a client's id and secret as curl reads them: user = "id:secret"

Without either it publishes on this machine, as \`up\` does, in the database of its data folder.`

const options = {
  client: { type: 'string' },
  version: { type: 'string', default: '' },
  at: { type: 'string', default: 'http://localhost:3000' },
  'token-file': { type: 'string' },
  'credentials-file': { type: 'string' },
} as const

type Files = { readonly token?: string | undefined; readonly credentials?: string | undefined }

/** Null where none are given. Throws StartError for a file that holds none. */
async function credentialsIn({ token, credentials }: Files): Promise<Credentials | null> {
  if (token) return { token: (await Bun.file(token).text()).trim() }
  if (!credentials) return null
  const text = await Bun.file(credentials).text()
  const [, clientId, secret] = /^user = "([^:"]+):([^"]+)"/m.exec(text) ?? []
  if (!clientId || !secret) throw new StartError(`${credentials} has no line user = "id:secret".`)
  return { clientId, secret }
}

/** The database that `up` uses on this machine; started when nobody has. */
async function onThisMachine(publication: Publication) {
  const config = stackConfigFrom(process.env)
  const secrets = await secretsIn(config.dataDir)
  const { adminUrl } = await startDatabase(config, { isShared: true })
  const databaseUrl = await migrated(adminUrl, secrets)
  const environments = stackEnvironments({ config, secrets, databaseUrl, watch: false })
  return publishHere(environments.auth, publication)
}

/** Publishes and says what became of it. Throws StartError when nothing was published. */
export async function publishOperations(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const { client, version, at } = values
  if (!client || positionals.length === 0) throw new StartError(usage)
  const publication = { client, version, texts: await textsIn(positionals) }
  const credentials = await credentialsIn({
    ...{ token: values['token-file'], credentials: values['credentials-file'] },
  })
  const answer = credentials
    ? await publishAt(at, credentials, publication)
    : await onThisMachine(publication)
  const lines = linesOf(answer)
  if (answer.__typename !== 'OperationsPublished') throw new StartError(lines.join('\n'))
  console.log(lines.join('\n'))
}
