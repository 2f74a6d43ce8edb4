import { z } from 'zod'

export type Check = {
  readonly name: string
  readonly url: string
  readonly init?: RequestInit
  /** Null for what an installation that works would answer. */
  fault(response: Response): Promise<string | null>
}

const status =
  (...wanted: readonly number[]) =>
  async ({ status: given }: Response) =>
    wanted.includes(given) ? null : `answered ${given}`

const Data = z.object({ data: z.record(z.string(), z.unknown()), errors: z.undefined().optional() })

async function answersData(response: Response) {
  const body: unknown = await response.json().catch(() => null)
  return Data.safeParse(body).success ? null : `answered ${JSON.stringify(body)?.slice(0, 200)}`
}

const Discovery = z.object({ issuer: z.string() })

const issuedBy = (issuer: string) => async (response: Response) => {
  const said = Discovery.safeParse(await response.json().catch(() => null))
  return said.data?.issuer === issuer ? null : `its issuer is ${said.data?.issuer ?? 'unknown'}`
}

type Operation = { readonly name: string; readonly hash: string }

/** What is asked of an installation from outside: health, services, sign-in, monitoring, uptime. */
export function checksOf(origin: URL, operations: readonly Operation[]): Check[] {
  const host = (name: string) => `${origin.protocol}//${name}.${origin.host}`
  const ask = (name: string): Check => {
    const documentId = `sha256:${operations.find((one) => one.name === name)?.hash}`
    const headers = { 'content-type': 'application/json', origin: origin.origin }
    return {
      name: `operation ${name}`,
      url: `${origin.origin}/graphql`,
      init: { method: 'POST', headers, body: JSON.stringify({ documentId }) },
      fault: answersData,
    }
  }
  const realm = `${host('login')}/realms/plexus`
  return [
    { name: 'health', url: `${origin.origin}/healthz`, fault: status(200) },
    { name: 'readiness', url: `${host('api')}/readyz`, fault: status(200) },
    { name: 'web client', url: `${origin.origin}/`, fault: status(200) },
    {
      name: 'sign-in',
      url: `${realm}/.well-known/openid-configuration`,
      fault: issuedBy(realm),
    },
    ask('FeaturedCoaches'),
    ask('ServiceStatus'),
    // Only administrators are let in: to be asked who one is means that somebody is there.
    { name: 'uptime', url: `${host('uptimekuma')}/`, fault: status(200, 302, 303, 307, 401) },
    { name: 'status page', url: `${host('status')}/`, fault: status(200, 302, 307, 308) },
  ]
}
