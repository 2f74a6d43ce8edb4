import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs, parseEnv } from 'node:util'
import { StartError } from '../../stack/start-error.ts'
import { explain } from '../../stack/up/explain.ts'
import { newServerCertificate } from '../secrets/authority.ts'
import { type Material, newMaterial } from '../secrets/material.ts'
import { environmentOf, environmentText } from './environment.ts'

const usage = 'bun deploy/compose.ts [--domain NAME] [--out FOLDER]'

const options = {
  // Not *.localhost: Bun takes every such name for its own machine, and the gateway would look for Keycloak in itself.
  domain: { type: 'string', default: 'plexus.test' },
  out: { type: 'string', default: resolve(import.meta.dir, '..') },
} as const

function askedFrom(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values
  } catch {
    throw new StartError(usage)
  }
}

/** Below which names browsers find a machine's services, and what compose itself calls the database. */
export const edgeNames = (domain: string) => [
  domain,
  ...['www', 'api', 'login'].map((host) => `${host}.${domain}`),
]

/**
 * Nobody else enters the folder; what is in it can be read by the users of the containers, to whom
 * single files are shown.
 */
async function writeCertificates(folder: string, material: Material, domain: string) {
  const edge = await newServerCertificate(material.authority, edgeNames(domain))
  await mkdir(folder, { recursive: true })
  await chmod(folder, 0o700)
  const files: Record<string, string> = {
    'ca.crt': material.authority.certificate,
    'postgres.crt': material.server.certificate,
    'postgres.key': material.server.key,
    'edge.crt': edge.certificate,
    'edge.key': edge.key,
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
}

const exampleIn = async () =>
  parseEnv(await readFile(resolve(import.meta.dir, '../.env.example'), 'utf8'))

/** The exit code: 0 when `.env` and the certificates are there. What is there already is left alone. */
export async function prepareCompose(
  args: readonly string[],
  now: Date,
  print: (line: string) => void,
): Promise<number> {
  try {
    const { domain, out } = askedFrom(args)
    const file = join(out, '.env')
    if (existsSync(file)) {
      throw new StartError(`${file} is there already. Delete it and the certificates for new ones.`)
    }
    const material = await newMaterial(now, {})
    await writeCertificates(join(out, 'certificates'), material, domain)
    const given = { ...(await exampleIn()), DOMAIN: domain }
    await writeFile(file, environmentText(environmentOf(material, given)), { mode: 0o600 })
    print(`${file} is written. Two things are left, which need you:`)
    print(`  trust ${join(out, 'certificates/ca.crt')} in your browser`)
    print(`  add to /etc/hosts: 127.0.0.1 ${edgeNames(domain).join(' ')}`)
    return 0
  } catch (error) {
    print(explain(error))
    return 1
  }
}
