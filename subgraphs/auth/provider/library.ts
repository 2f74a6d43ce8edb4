import type { Log } from '#kit/log'

const own = /^oidc-provider (NOTICE|WARNING): /
const levels = ['info', 'warn'] as const

/**
 * The library speaks to the console: about the runtime when it is loaded, about outgoing requests later.
 * Those lines go to the log at debug; every other line passes. The returned function undoes it.
 */
export function redirectLibraryNotices(log: Log): () => void {
  const originals = { info: console.info, warn: console.warn }
  for (const level of levels) {
    const pass = originals[level]
    console[level] = (...parts: unknown[]) => {
      const [first] = parts
      if (typeof first === 'string' && own.test(first)) log.debug(first)
      else pass(...parts)
    }
  }
  return () => Object.assign(console, originals)
}
