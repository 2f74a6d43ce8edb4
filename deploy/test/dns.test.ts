import { expect, test } from 'bun:test'
import { hostsIn, zoneOf } from '../dns/zone.ts'
import { at, textsOf } from '../render/json.ts'
import { overlays, renderOverlay } from '../render/overlay.ts'
import { kindOf } from '../render/resource.ts'

const domain = 'plexus.test'
const settings = { DOMAIN: domain }
const names = ['', 'www.', 'api.', 'login.', 'adminer.', 'uptimekuma.', 'status.']
const hosts = names.map((name) => `${name}${domain}`).sort()

/** Name, type and address of each record of an address. */
const addressesIn = (zone: string) =>
  zone
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , type = '']) => ['A', 'AAAA'].includes(type))

test('[FC-09] every host of the ingress has a record, and all of them one public address', () => {
  for (const overlay of overlays)
    expect(hostsIn(renderOverlay(overlay, { settings }))).toEqual(hosts)
  const records = addressesIn(zoneOf({ domain, hosts, addresses: ['203.0.113.7'] }))
  const named = records.map(([name]) => (name === '@' ? domain : `${name}.${domain}`))
  expect(named.sort()).toEqual(hosts)
  expect([...new Set(records.map(([, , , address]) => address))]).toEqual(['203.0.113.7'])
})

test('with both kinds of address every host has both', () => {
  const addresses = ['203.0.113.7', '2001:db8::7']
  const records = addressesIn(zoneOf({ domain, hosts, addresses }))
  expect(records.filter(([, , type]) => type === 'A')).toHaveLength(hosts.length)
  expect(records.filter(([, , type]) => type === 'AAAA')).toHaveLength(hosts.length)
})

test('what is no address, none at all, and a host of another domain are refused', () => {
  expect(() => zoneOf({ domain, hosts, addresses: ['203.0.113.777'] })).toThrow('is no address')
  expect(() => zoneOf({ domain, hosts, addresses: [] })).toThrow('needs an address')
  const elsewhere = { domain, hosts: [`${domain}.evil.test`], addresses: ['203.0.113.7'] }
  expect(() => zoneOf(elsewhere)).toThrow('is not of')
})

test('inside the cluster every host of the ingress is the internal entry point', () => {
  for (const overlay of overlays) {
    const custom = renderOverlay(overlay, { settings }).find(
      (value) => kindOf(value) === 'ConfigMap' && at(value, 'metadata.name') === 'coredns-custom',
    )
    const [text = ''] = Object.values(textsOf(at(custom, 'data')))
    const lines = text.trim().split('\n')
    const rewritten = lines.map((line) => line.split(' '))
    expect(rewritten.map(([, , , host]) => host).sort()).toEqual(hosts)
    expect(new Set(rewritten.map((words) => words.at(-1)))).toEqual(
      new Set(['traefik-internal.edge.svc.cluster.local']),
    )
  }
})
