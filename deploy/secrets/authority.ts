import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ended } from '../../stack/program.ts'
import { StartError } from '../../stack/start-error.ts'

/** A private key and its certificate, both PEM. */
export type Pair = { readonly key: string; readonly certificate: string }

const program = Bun.which('openssl')

/** By which names programs ask for the database; `verify-full` compares them with the certificate. */
export const serverNames = [
  'postgres',
  'postgres.data',
  'postgres.data.svc',
  'postgres.data.svc.cluster.local',
  'postgres-rw.data.svc',
  'postgres-rw.data.svc.cluster.local',
  'postgres-ro.data.svc',
  'postgres-ro.data.svc.cluster.local',
  'pooler.data.svc',
  'pooler.data.svc.cluster.local',
  'localhost',
]

const authorityDays = 3_650
const serverDays = 730

async function openssl(...args: string[]): Promise<void> {
  if (!program)
    throw new StartError('Certificates are made by OpenSSL: install the package openssl.')
  const { code, said } = await ended([program, ...args])
  if (code !== 0) throw new StartError(`OpenSSL refused: ${said.trim()}`)
}

/** Runs `work` in a folder of its own, which only its owner can read and which is gone afterwards. */
export async function inPrivateFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'plexus-secrets-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

const request = (folder: string, days: number) => [
  ...['req', '-x509', ...curve, '-days', String(days)],
  ...['-keyout', join(folder, 'new.key'), '-out', join(folder, 'new.crt')],
]

const pairIn = async (folder: string): Promise<Pair> => ({
  key: await readFile(join(folder, 'new.key'), 'utf8'),
  certificate: await readFile(join(folder, 'new.crt'), 'utf8'),
})

/** Who signs the certificates of one installation's database; it may sign nothing further. */
export const newAuthority = (): Promise<Pair> =>
  inPrivateFolder(async (folder) => {
    await openssl(
      ...request(folder, authorityDays),
      ...['-subj', '/CN=Plexus database authority'],
      ...['-addext', 'basicConstraints=critical,CA:TRUE,pathlen:0'],
      ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
    )
    return pairIn(folder)
  })

/** A certificate for those names, of the database where none are said, signed by that authority. */
export const newServerCertificate = (
  authority: Pair,
  names: readonly string[] = serverNames,
): Promise<Pair> =>
  inPrivateFolder(async (folder) => {
    const [key, certificate] = [join(folder, 'ca.key'), join(folder, 'ca.crt')]
    await writeFile(key, authority.key, { mode: 0o600 })
    await writeFile(certificate, authority.certificate)
    await openssl(
      ...request(folder, serverDays),
      ...['-subj', `/CN=${names[0]}`],
      ...['-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`],
      ...['-addext', 'basicConstraints=critical,CA:FALSE'],
      ...['-addext', 'keyUsage=critical,digitalSignature'],
      ...['-addext', 'extendedKeyUsage=serverAuth'],
      ...['-CA', certificate, '-CAkey', key],
    )
    return pairIn(folder)
  })
