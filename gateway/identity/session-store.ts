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
  readonly roles: readonly Role[]
  readonly acr: string
  /** When the person last proved it at the provider; null where that does not tell. */
  readonly authenticatedAt?: Date | null
  readonly providerSid: string | null
  readonly tokens: ProviderTokens
}

export type WebSession = Omit<SignIn, 'tokens' | 'providerSid'> & {
  readonly id: string
  readonly expiresAt: Date
  /** From this instant the provider must be asked again; null when it gave no refresh token. */
  readonly renewAt: Date | null
}

export type LiveSession = Pick<WebSession, 'id' | 'roles'>

/** The browser that signed in, as a person recognises it in the list of their sessions. */
export type Browser = { readonly device: string; readonly address: string | null }

/** What a refresh says: who the person is now, or that the provider ended the sign-in. */
export type Renewal = SignIn | 'refused'

/** What a provider names when a sign-in ended there: one of them, or every one of a person. */
export type ProviderLogout = {
  readonly subject: string | null
  readonly providerSid: string | null
  readonly until: Date
}

export type SessionStore = {
  /** A session with a new secret at every sign-in, so that none can be planted beforehand. */
  open(signIn: SignIn, browser: Browser): Promise<{ secret: string; session: WebSession }>
  /** Null for a secret that is unknown, expired or revoked. Being used moves the idle end on. */
  find(secret: string): Promise<WebSession | null>
  /** Of these sessions the ones that are neither over nor revoked. No session counts as used. */
  liveAmong(ids: readonly string[]): Promise<LiveSession[]>
  /**
   * Asks the provider once, however many instances want it at the same time: the others wait and
   * read the answer. Null when the session ended. A throw from `ask` leaves everything as it was.
   */
  renew(id: string, ask: (tokens: ProviderTokens) => Promise<Renewal>): Promise<WebSession | null>
  /**
   * Revokes on every instance. Gives the tokens for the provider's own logout; null when it was
   * over already.
   */
  end(secret: string): Promise<ProviderTokens | null>
  /**
   * Revokes what the provider says is over, as far as it had begun by `until`. Gives how many
   * sessions that were.
   */
  endAll(over: ProviderLogout): Promise<number>
  /**
   * The ID token of a session that was ended in the last minutes, once: it proves a logout to the
   * provider.
   */
  takeEnded(secret: string): Promise<string | null>
}
