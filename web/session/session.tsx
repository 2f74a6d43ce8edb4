import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useOnFocus } from '../ui/use-on-focus.ts'
import { canSignInSilently, signInSilently } from './silent.ts'

export type SignedIn = {
  state: 'signed-in'
  displayName: string
  roles: readonly string[]
  /** 2 while a second factor is fresh, until `acrUntil`; else 1. */
  acr: number
  acrUntil: string | null
  /** Who acts with this account's eyes, until `actingUntil`; null when its owner does. */
  actor: string | null
  actingUntil: string | null
  /** The owner's rights to change something are laid aside. */
  readOnly: boolean
  /** Where password and second factor are kept: here, or on the pages of a provider. */
  provider: 'embedded' | 'external'
}

export type Session = { state: 'loading' } | { state: 'anonymous'; hasEnded?: true } | SignedIn

type SessionValue = {
  session: Session
  /** Asks the gateway again, and gives what it says. */
  refresh: () => Promise<Session>
  signOut: () => Promise<void>
}

const SessionContext = createContext<SessionValue | null>(null)

type SessionAnswer = Partial<
  Omit<SignedIn, 'state' | 'acr' | 'provider'> & {
    authenticated: boolean
    acr: string
    provider: { kind?: string }
    silent: boolean
  }
>

const signedInFrom = (answer: SessionAnswer): SignedIn => ({
  state: 'signed-in',
  displayName: answer.displayName ?? '',
  roles: (answer.roles ?? []).map((role) => role.toUpperCase()),
  acr: Number(answer.acr ?? 1),
  acrUntil: answer.acrUntil ?? null,
  actor: answer.actor ?? null,
  actingUntil: answer.actingUntil ?? null,
  readOnly: answer.readOnly ?? false,
  provider: answer.provider?.kind === 'external' ? 'external' : 'embedded',
})

async function currentSession(): Promise<Session> {
  const response = await fetch('/auth/session', { credentials: 'same-origin', cache: 'no-store' })
  // An outage says nothing about who is here.
  if (response.status >= 500) throw new Error(`/auth/session: ${response.status}`)
  const answer: SessionAnswer = await response.json().catch(() => ({}))
  if (response.ok && answer.authenticated) return signedInFrom(answer)
  // The page leaves for the provider: until it is gone, nothing is known of anybody.
  if (answer.silent && canSignInSilently()) return signInSilently()
  return { state: 'anonymous' }
}

async function endSession(): Promise<void> {
  const response = await fetch('/auth/logout', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'x-plexus-csrf': '1', accept: 'application/json' },
  })
  const answer: { redirectUrl?: string } = await response.json().catch(() => ({}))
  location.assign(answer.redirectUrl ?? '/')
}

const ownerOf = (session: Session): string =>
  session.state === 'signed-in'
    ? `signed-in ${session.displayName} ${session.actor ?? ''}`
    : session.state

type OnEnd = 'start-anew' | 'say-so'

/** What is new of the same owner; the known object when nothing is, so that nothing renders again. */
function sameOwner(known: Session, next: Session): Session {
  if (known.state !== 'signed-in') return known
  return JSON.stringify(known) === JSON.stringify(next) ? known : next
}

/**
 * Another tab signed in or out: this page starts anew, so that nothing it knew outlives its owner.
 * In the middle of an action it stays and says so: no page shows what is private to nobody, and the
 * next owner starts anew.
 */
function changed(known: Session, next: Session, onEnd: OnEnd): Session {
  if (ownerOf(known) === ownerOf(next)) return sameOwner(known, next)
  if (onEnd === 'say-so' && known.state === 'signed-in' && next.state === 'anonymous')
    return { state: 'anonymous', hasEnded: true }
  if (known.state !== 'loading') location.reload()
  return next
}

// Coming back is two events, at once: focus and visibility.
const focusEveryMs = 500

/** Asks the gateway who is here, at the start and whenever the page is looked at again. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [session, setSession] = useState<Session>({ state: 'loading' })
  const known = useRef<Session>(session)
  const read = useCallback(async (onEnd: OnEnd) => {
    const next = await currentSession().catch(() => null)
    if (!next && known.current.state !== 'loading') return known.current
    known.current = changed(known.current, next ?? { state: 'anonymous' }, onEnd)
    setSession(known.current)
    return known.current
  }, [])
  useEffect(() => {
    void read('start-anew')
  }, [read])
  useOnFocus(() => void read('start-anew'), focusEveryMs)
  const refresh = useCallback(() => read('say-so'), [read])
  const value = useMemo(() => ({ session, refresh, signOut: endSession }), [session, refresh])
  return <SessionContext value={value}>{children}</SessionContext>
}

export function useSession(): SessionValue {
  const value = useContext(SessionContext)
  if (!value) throw new Error('useSession needs a SessionProvider above it.')
  return value
}

/** Where signing in starts; it ends on the same page. */
export const signInUrl = (returnTo: string): string =>
  `/auth/login?returnTo=${encodeURIComponent(returnTo)}`
