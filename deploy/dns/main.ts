import { parseArgs } from 'node:util'
import { renderOverlay } from '../render/overlay.ts'
import { hostsIn, zoneOf } from './zone.ts'

const usage = `Usage: bun deploy/dns.ts <domain> <address ...>
Prints the records for a zone file: bun deploy/dns.ts plexus.example 203.0.113.7 2001:db8::7`

/** Prints the records of an installation, or how to ask for them. Returns the exit code. */
export function main(args: readonly string[]): number {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true })
  const [domain, ...addresses] = positionals
  if (!domain || addresses.length === 0) {
    console.error(usage)
    return 2
  }
  const hosts = hostsIn(renderOverlay('single-4g', { settings: { DOMAIN: domain } }))
  console.log(zoneOf({ domain, hosts, addresses }).trimEnd())
  return 0
}
