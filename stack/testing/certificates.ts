import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const program = Bun.which('openssl')

/** Why tests with certificates cannot run, or null when they can. Where `CI=true`, a missing OpenSSL is a failure. */
export function opensslMissing(ci: boolean): string | null {
  if (program && existsSync(program)) return null
  if (ci) throw new Error('CI=true needs OpenSSL: install the package openssl.')
  return 'no OpenSSL on this machine'
}

async function openssl(...args: string[]) {
  const child = Bun.spawn([program ?? 'openssl', ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  const complaint = await new Response(child.stderr).text()
  if ((await child.exited) !== 0) throw new Error(complaint)
}

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']

/** An authority of its own in that folder: the file with its certificate. */
export async function newAuthority(folder: string, name: string) {
  const [key, file] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)]
  const subject = ['-subj', `/CN=${name}`]
  await openssl('req', '-x509', ...curve, '-keyout', key, '-out', file, ...subject)
  return { key, file, pem: await readFile(file, 'utf8') }
}

type Authority = Awaited<ReturnType<typeof newAuthority>>

/** A server's key and certificate for one DNS name, signed by that authority. */
export async function newCertificate(folder: string, authority: Authority, host: string) {
  const [key, file] = [join(folder, 'server.key'), join(folder, 'server.crt')]
  await openssl(
    ...['req', '-x509', ...curve, '-keyout', key, '-out', file, '-subj', `/CN=${host}`],
    ...['-addext', `subjectAltName=DNS:${host}`, '-addext', 'basicConstraints=critical,CA:FALSE'],
    ...['-CA', authority.file, '-CAkey', authority.key],
  )
  return { key, file }
}
