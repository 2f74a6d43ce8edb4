import { testDatabase } from '../../../../stack/testing/database.ts'
import type { Guard } from '../../../identity/guards.ts'
import { createBrowser, startEdge, type TestEdge } from '../../edge-harness.ts'
import { leaveOut } from '../../leave-out.ts'
import { startEvilProvider, throughProvider } from './evil-provider.ts'
import { type Check, providerWithout } from './naive-provider.ts'

/** What is taken away from the gateway: a guard of its own, or what it checks of the provider. */
export type Gap = { readonly guard: Guard } | { readonly check: Check }

export type World = Awaited<ReturnType<typeof newWorld>>

/** One provider, which does as it is told, and gateways over one database that differ in one check. */
export async function newWorld() {
  const provider = await startEvilProvider()
  const db = await testDatabase()
  const edges = new Map<string, TestEdge>()
  const start = async (gap: Gap | null) => {
    const edge = await startEdge({
      issuer: provider.issuer,
      sql: db.connect('gateway'),
      now: () => new Date(Date.now() + world.laterMs),
      ...(gap && 'guard' in gap && { without: leaveOut(gap.guard) }),
      ...(gap && 'check' in gap && { providerFor: providerWithout(gap.check) }),
    })
    edges.set(JSON.stringify(gap), edge)
    return edge
  }
  const world = {
    provider,
    ids: { victim: crypto.randomUUID(), attacker: crypto.randomUUID() },
    /** By how much the gateways' clock is ahead. */
    laterMs: 0,
    /** The gateway as it is, or the same one with a gap. */
    gateway: async (gap: Gap | null) => edges.get(JSON.stringify(gap)) ?? start(gap),
    /** Everybody behaves again. */
    straighten: () => {
      provider.straighten()
      provider.person.sub = world.ids.victim
      world.laterMs = 0
    },
    stop: async () => {
      for (const edge of edges.values()) await edge.stop()
      await db.drop()
      provider.stop()
    },
  }
  return world
}

/** Somebody's browser at one gateway. */
export function browserAt(edge: TestEdge, { provider }: World) {
  const browser = createBrowser(edge.fetch)
  const atProvider = new Map<string, string>()
  /** Begins to sign in as that person, and stops where the provider sends the browser back. */
  const begin = async (sub: string, query = '') => {
    provider.person.sub = sub
    const response = await browser.send(`/auth/login?${query}`)
    const start = response.headers.get('location') ?? ''
    return { start, callback: await throughProvider(provider, start, atProvider) }
  }
  return {
    ...browser,
    begin,
    /** Whose session this browser is in; null for nobody's. */
    who: async (): Promise<string | null> => (await browser.ask()).id ?? null,
    signIn: async (sub: string, query = '') => browser.send((await begin(sub, query)).callback),
  }
}
