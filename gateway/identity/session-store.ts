import type { Role } from '#schema/scopes'

/** What the provider gave for one sign-in. It is kept sealed and never leaves the gateway. */
export type ProviderTokens = {
  readonly accessToken: string
  readonly refreshToken: string | null
  readonly idToken: string
  /** Milliseconds since 1970. */
  readonly accessExpiresAt: number
}

/** Who signed in, as the provider says. */
export type SignIn = {
  readonly personId: string
  readonly subject: string
  readonly displayName: string
  readonly email?: string | null
  readonly roles: readonly Role[]
  readonly acr: string
  /** When the person last proved it at the provider; null where that does not tell. */
  readonly authenticatedAt?: Date | null
  readonly providerSid: string | null
  readonly tokens: ProviderTokens
}

/** In whose name a person acts, with what of theirs. */
export type Acting = {
  readonly personId: string
  readonly displayName: string
  readonly roles: readonly Role[]
  /** Null for everything that the roles allow. */
  readonly scopes: readonly string[] | null
  readonly readOnly: boolean
  readonly until: Date
}

export type WebSession = {
  readonly id: string
  readonly personId: string
  readonly displayName: string
  readonly roles: readonly Role[]
  /** The level that counts now: a second one counts only for some minutes after it was proven. */
  readonly acr: string
  /** When it falls back to the first; null while it is that. */
  readonly acrUntil: Date | null
  readonly expiresAt: Date
  /** From this instant the provider must be asked again; null when it gave no refresh token. */
  readonly renewAt: Date | null
  /** Null for whoever acts for themselves. */
  readonly acting: Acting | null
}

/**
 * `lost`: nobody wanted it to end, only the provider's answer never came. A sign-in that shows no
 * page may follow. Null for a secret that opens nothing (any more).
 */
export type Found = WebSession | 'lost' | null

/** Whom a live session answers for, and as what. */
export type LiveSession = {
  readonly id: string
  readonly personId: string
  readonly roles: readonly Role[]
}

/** The browser that signed in, as a person recognises it in the list of their sessions. */
export type Browser = {
  readonly device: string
  readonly address: string | null
  readonly place?: string | null
  readonly locale?: string | null
  /** True when the person saw nothing of the sign-in. */
  readonly silent?: boolean
  /** Only where a test has left the guard `flow-new-secret` out: what the browser sent already. */
  readonly secret?: string
}

/** What a refresh says: who the person is now, or that the provider ended the sign-in. */
export type Renewal = SignIn | 'refused'

/** What a provider names when a sign-in ended there: one of them, or every one of a person. */
export type ProviderLogout = {
  readonly subject: string | null
  readonly providerSid: string | null
  readonly until: Date
  /** Of the token that says so, which counts once. */
  readonly jti: string
  readonly expiresAt: Date
}

/** Why somebody's own act ends their session, as the audit has it. */
export type OwnEnd = 'signed-out' | 'replaced'

export type SessionStore = {
  /** A session with a new secret at every sign-in, so that none can be planted beforehand. */
  open(signIn: SignIn, browser: Browser): Promise<{ secret: string; session: WebSession }>
  /**
   * True for a sign-in at the provider whose last session somebody has ended here. The provider may
   * not know it yet, or not any more.
   */
  hasEnded(providerSid: string): Promise<boolean>
  /** Being used moves the idle end on. */
  find(secret: string): Promise<Found>
  /** Of these sessions the ones that are neither over nor revoked. No session counts as used. */
  liveAmong(ids: readonly string[]): Promise<LiveSession[]>
  /**
   * Asks the provider once, however many instances want it at the same time: the others read the
   * answer when it is there. A throw from `ask` leaves the session as it is, and says so.
   */
  renew(secret: string, ask: (tokens: ProviderTokens) => Promise<Renewal>): Promise<Renewed>
  /**
   * Revokes on every instance. Gives the tokens for the provider's own logout; null when it was
   * over already.
   */
  end(secret: string, because: OwnEnd): Promise<ProviderTokens | null>
  /**
   * Revokes what the provider says is over, as far as it had begun by `until`. Gives how many
   * sessions that were; null for a token that was taken before.
   */
  endAll(over: ProviderLogout): Promise<number | null>
  /**
   * The ID token of a session that was ended in the last minutes, once: it proves a logout to the
   * provider.
   */
  takeEnded(secret: string): Promise<string | null>
  /** Whose session it is or was, as long as its row is there. */
  ownerOf(secret: string): Promise<string | null>
}

export type Renewed = {
  readonly found: Found
  /** Why the provider could not be asked; null when it was, or nobody had to. */
  readonly failure: unknown
  /** False when another request or instance asked, or nobody had to. */
  readonly asked: boolean
}
