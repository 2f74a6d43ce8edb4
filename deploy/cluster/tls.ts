import { connect, type TLSSocket } from 'node:tls'
import { ended } from '../../stack/program.ts'
import { domain } from './product.ts'

export type Served = { readonly issuer: string; readonly serial: string; readonly endsAt: Date }

const textOf = (value: string | string[] | undefined) =>
  Array.isArray(value) ? value.join(' ') : (value ?? '')

const open = (host: string) =>
  new Promise<TLSSocket>((resolve, reject) => {
    const socket = connect({ host, port: 443, servername: host, rejectUnauthorized: false })
    socket.once('secureConnect', () => resolve(socket))
    socket.once('error', reject)
    socket.setTimeout(5_000, () => socket.destroy(new Error('no answer')))
  })

/** The certificate that a client is shown. */
export async function servedBy(host = domain): Promise<Served> {
  const socket = await open(host)
  const { issuer, serialNumber, valid_to } = socket.getPeerCertificate()
  socket.destroy()
  return { issuer: textOf(issuer.CN), serial: serialNumber, endsAt: new Date(valid_to) }
}

/** What OpenSSL says of a connection by one version of TLS; it is told to accept old ones. */
export async function handshake(version: string, host = domain): Promise<string> {
  const { out, said } = await ended([
    ...['openssl', 's_client', '-connect', `${host}:443`, '-servername', host],
    ...[`-${version}`, '-cipher', 'DEFAULT:@SECLEVEL=0'],
  ])
  return `${out}${said}`
}
