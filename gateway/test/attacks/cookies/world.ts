import { testDatabase } from '../../../../stack/testing/database.ts'
import type { Guard } from '../../../identity/guards.ts'
import { createBrowser, startEdge, type TestEdge } from '../../edge-harness.ts'
import { leaveOut } from '../../leave-out.ts'
import { startProvider } from '../../provider.ts'

export type World = Awaited<ReturnType<typeof newWorld>>

/** One person is signed in, and so is whoever attacks them; every gateway here shares their sessions. */
export async function newWorld() {
  const provider = await startProvider()
  const db = await testDatabase()
  const edges = new Map<string, TestEdge>()
  const start = async (guards: readonly Guard[]) => {
    const without = guards.length > 0 ? leaveOut(...guards) : undefined
    const edge = await startEdge({ issuer: provider.issuer, sql: db.connect('gateway'), without })
    edges.set(guards.join(), edge)
    return edge
  }
  /** The gateway as it is, or the same one without these guards. */
  const gateway = async (...guards: readonly Guard[]) => edges.get(guards.join()) ?? start(guards)
  const secretOf = async (sub: string, name: string) => {
    Object.assign(provider.person, { sub, name })
    const browser = createBrowser((await gateway()).fetch)
    await browser.signIn()
    return browser.jar.get('__Host-plexus') ?? ''
  }
  const ids = { victim: crypto.randomUUID(), attacker: crypto.randomUUID() }
  const world = {
    ids,
    gateway,
    victim: '',
    attacker: await secretOf(ids.attacker, 'Mallory'),
    /** Signs the victim in anew: some attacks sign them out. */
    renewVictim: async () => {
      world.victim = await secretOf(ids.victim, 'Ada')
    },
    stop: async () => {
      for (const edge of edges.values()) await edge.stop()
      await db.drop()
      provider.stop()
    },
  }
  return world
}
