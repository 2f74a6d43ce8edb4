/** Something that a reader has asked for; its values are JSON. */
export type Act = { name: string; values: unknown; run: () => void }

/** An act that waits while the reader shows at the provider's pages that it is them. */
type Intent = { name: string; values: unknown; at: number }

const place = 'plexus.intent'
const forMs = 15 * 60_000

/**
 * Kept by the tab, not in the address: a link from elsewhere must not make somebody do anything.
 * What is kept is what a form held; no act that takes a secret goes this way.
 */
export const keepIntent = (name: string, values: unknown): void =>
  sessionStorage.setItem(place, JSON.stringify({ name, values, at: Date.now() } satisfies Intent))

function stored(): Intent | null {
  try {
    return JSON.parse(sessionStorage.getItem(place) ?? 'null')
  } catch {
    return null
  }
}

/** Gives the intent of that name once; null when none waits or it has waited too long. */
export function takeIntent(name: string): Intent | null {
  const intent = stored()
  if (intent?.name !== name) return null
  sessionStorage.removeItem(place)
  return Date.now() - intent.at < forMs ? intent : null
}
