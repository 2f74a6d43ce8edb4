import { expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const folder = resolve(import.meta.dir, '../../onprem')
const text = (name: string) => readFile(join(folder, name), 'utf8')

/** `key = value` and `key value`, with comments and sections left out. */
async function settingsOf(name: string): Promise<[string, string][]> {
  const lines = (await text(name)).split('\n').map((line) => line.trim())
  return lines
    .filter((line) => line && !/^[#[}]|\{$/.test(line))
    .map((line) => {
      const [, key = '', value = ''] = /^([\w-]+)(?:\s*=\s*|\s+)?(.*)$/.exec(line) ?? []
      return [key, value]
    })
}

const valuesOf = (settings: readonly [string, string][], key: string) =>
  settings.filter(([name]) => name === key).map(([, value]) => value)

test('[BC-19] the sites are joined by IPsec with AES-256-GCM and nothing weaker', async () => {
  const settings = await settingsOf('strongswan/site-to-site.conf')
  const proposals = [...valuesOf(settings, 'proposals'), ...valuesOf(settings, 'esp_proposals')]
  expect(proposals).toEqual(['aes256gcm16-prfsha384-ecp384', 'aes256gcm16-ecp384'])
  expect(valuesOf(settings, 'version')).toEqual(['2'])
  expect(valuesOf(settings, 'auth')).toEqual(['pubkey', 'pubkey'])
  expect([...valuesOf(settings, 'local_ts'), ...valuesOf(settings, 'remote_ts')]).toEqual([
    '10.10.0.0/16',
    '10.20.0.0/16',
  ])
})

test('[BC-20] administrators come in by OpenVPN, each with a certificate that can be revoked', async () => {
  const settings = Object.fromEntries(await settingsOf('openvpn/server.conf'))
  expect(settings).toMatchObject({
    server: '10.10.50.0 255.255.255.0',
    'verify-client-cert': 'require',
    'remote-cert-tls': 'client',
    'crl-verify': 'revoked.pem',
    'data-ciphers': 'AES-256-GCM',
    'tls-version-min': '1.2',
    'dev-type': 'tun',
  })
  // As the firewall knows it.
  expect(settings.dev).toBe('tun0')
  expect(await text('firewall.nft')).toContain('define vpn = { "tun0", "wg0" }')
})

const Netplan = z.object({
  network: z.object({
    vlans: z.record(
      z.string(),
      z.object({ id: z.number(), link: z.literal('trunk'), addresses: z.tuple([z.string()]) }),
    ),
  }),
})

test('[BC-18] each segment is a VLAN of its own, with the addresses of the drawing', async () => {
  const { vlans } = Netplan.parse(parse(await text('netplan.yaml'))).network
  expect(
    Object.entries(vlans).map(([name, { id, addresses }]) => [name, id, addresses[0]]),
  ).toEqual([
    ['vlan10', 10, '10.10.10.1/24'],
    ['vlan20', 20, '10.10.20.1/24'],
    ['vlan30', 30, '10.10.30.1/24'],
    ['vlan40', 40, '10.10.40.1/24'],
  ])
  const firewall = await text('firewall.nft')
  for (const name of Object.keys(vlans)) expect(firewall).toContain(`= "${name}"`)
})

test('no file holds a key', async () => {
  for (const name of [
    'wireguard/wg0.conf',
    'openvpn/server.conf',
    'strongswan/site-to-site.conf',
  ]) {
    expect(await text(name)).not.toMatch(/PRIVATE|PrivateKey *=|secret *=|[A-Za-z0-9+/]{43}=/)
  }
})
