import { connect } from 'node:tls'
import type { Target } from './settings.ts'

export type Seen = {
  readonly ok: boolean
  readonly latencyMs: number | null
  readonly certificateEndsAt: Date | null
}

const timeoutMs = 5_000
const away: Seen = { ok: false, latencyMs: null, certificateEndsAt: null }

/**
 * Asks a target once. Never throws: what does not answer in five seconds, answers with an error or shows a certificate
 * that nobody trusts is not ok.
 */
export async function probe({ url }: Target): Promise<Seen> {
  const startedAt = performance.now()
  const [answered, certificateEndsAt] = await Promise.all([answers(url), certificateEndOf(url)])
  if (answered === null) return { ...away, certificateEndsAt }
  return { ok: answered, latencyMs: performance.now() - startedAt, certificateEndsAt }
}

/** Null where nothing answers. The answer is read: a target that sends half of it is not ok. */
async function answers(url: string): Promise<boolean | null> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(timeoutMs),
      headers: { 'user-agent': 'plexus-prober', 'cache-control': 'no-cache' },
    })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return null
  }
}

/** Null where there is none to be seen. The end is told also of one that nobody trusts, such as one that is over. */
function certificateEndOf(url: string): Promise<Date | null> {
  const { protocol, hostname, port } = new URL(url)
  if (protocol !== 'https:') return Promise.resolve(null)
  const { promise, resolve } = Promise.withResolvers<Date | null>()
  const socket = connect({
    ...{ host: hostname, port: Number(port || 443), servername: hostname },
    rejectUnauthorized: false,
  })
  const end = (endsAt: Date | null) => {
    clearTimeout(timer)
    socket.destroy()
    resolve(endsAt)
  }
  const timer = setTimeout(() => end(null), timeoutMs)
  socket.on('error', () => end(null))
  socket.on('secureConnect', () => {
    const endsAt = new Date(socket.getPeerCertificate().valid_to)
    end(Number.isNaN(endsAt.getTime()) ? null : endsAt)
  })
  return promise
}
