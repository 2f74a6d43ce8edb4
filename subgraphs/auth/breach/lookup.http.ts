import { createHash } from 'node:crypto'
import { normalized } from '../credential/strength.ts'
import type { BreachLookup } from './lookup.ts'

type Options = {
  /** Answers `GET <url>/<first five digits>` with lines `<the other 35>:<count>`. */
  readonly url: string
  readonly timeoutMs: number
  /** Told of each lookup: a password is let through when it fails. */
  readonly seen: (outcome: 'found' | 'absent' | 'failed') => void
}

const answerBytesMax = 1_048_576

const countIn = (answer: string, suffix: string): number => {
  const line = answer.split('\n').find((text) => text.toUpperCase().startsWith(`${suffix}:`))
  // Padding is lines with a count of 0.
  return Number(line?.slice(suffix.length + 1).trim() ?? 0) || 0
}

/**
 * The range API of "Have I Been Pwned" and whatever speaks it: five of forty digits of a SHA-1 leave
 * the house, and padding hides how many passwords share them. Fails open: an outage elsewhere must
 * not keep people from choosing a password.
 */
export function createHttpBreachLookup({ url, timeoutMs, seen }: Options): BreachLookup {
  const base = url.replace(/\/$/, '')
  async function ask(password: string): Promise<number> {
    const hash = createHash('sha1').update(normalized(password)).digest('hex').toUpperCase()
    const response = await fetch(`${base}/${hash.slice(0, 5)}`, {
      headers: { 'add-padding': 'true', 'user-agent': 'plexus' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (!response.ok) throw new Error(`The breach lookup answered ${response.status}.`)
    const answer = await response.text()
    if (answer.length > answerBytesMax) throw new Error('The breach lookup said too much.')
    return countIn(answer, hash.slice(5))
  }
  return {
    timesSeen: async (password) => {
      try {
        const count = await ask(password)
        seen(count > 0 ? 'found' : 'absent')
        return count
      } catch {
        seen('failed')
        return 0
      }
    },
  }
}
