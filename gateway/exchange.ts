import type { Viewer } from '#kit/identity-token'

/** How the caller proved who they are. Only a session is a browser; a bearer client is a program. */
export type Credential = 'anonymous' | 'session' | 'bearer'

/** What one request carries from stage to stage. Each stage fills its own part and reads those above. */
export type Exchange = {
  readonly request: Request
  readonly url: URL
  readonly requestId: string
  readonly clientAddress: string
  /** Aborts when the deadline passes or the client goes away. */
  readonly signal: AbortSignal
  /** Filled by `identity`. Null is an anonymous caller. */
  viewer: Viewer | null
  credential: Credential
  /** The OAuth client a bearer token was issued to; null for a browser. */
  clientId: string | null
  /** Headers that a stage wants on whatever response leaves (a renewed cookie, for example). */
  readonly responseHeaders: Headers
}

/** A stage answers itself or hands on to the next one. */
export type Stage = (exchange: Exchange, next: () => Promise<Response>) => Promise<Response>
