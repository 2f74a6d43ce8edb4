/**
 * Every check that stands between a request and the one whom it claims to come from, by the stage
 * that makes it. Each has a name so that a test can take that one away and show that the attack it
 * stops then succeeds: see `gateway/test/attacks`.
 */
export const guards = {
  /** `bearer.ts`. Source: RFC 8725, RFC 9068 section 4. */
  token: [
    'token-size',
    'token-encoding',
    'token-algorithm',
    'token-key-source',
    'token-key-id',
    'token-critical',
    'token-duplicates',
    'token-type',
    'token-use',
    'token-issuer',
    'token-audience',
    'token-client',
    'token-expiry',
    'token-not-before',
    'token-issued-at',
    'token-client-ended',
    'key-set-cooldown',
  ],
  /** `dpop.ts`. Source: RFC 9449 section 4.3. */
  proof: [
    'proof-required',
    'proof-type',
    'proof-key',
    'proof-signature',
    'proof-method',
    'proof-address',
    'proof-age',
    'proof-replay',
    'proof-token',
    'proof-binding',
    'proof-nonce',
  ],
  /** `api-key.ts`. */
  key: ['key-secret', 'key-expiry', 'key-revoked', 'key-scope'],
  /** `introspection.ts`. Source: RFC 7662 section 2.2. */
  introspection: [
    'introspection-active',
    'introspection-use',
    'introspection-issuer',
    'introspection-audience',
    'introspection-expiry',
  ],
  /** `cookies.ts`. Source: RFC 6265bis section 4.1.3. */
  cookie: ['cookie-prefix', 'cookie-single', 'cookie-name'],
  /** `http/http.ts` and `http/origin.ts`. Source: Fetch standard, OWASP CSRF Prevention. */
  http: ['http-method', 'http-content-type', 'http-own-page', 'http-own-page-reads', 'http-cors'],
  /** `oidc.ts`, `login-attempt.ts` and `return-to.ts`. Source: RFC 9700 section 4, CWE-384, CWE-601. */
  flow: [
    'flow-browser',
    'flow-single-use',
    'flow-return-to',
    'flow-new-secret',
    'flow-same-person',
    'flow-ended',
  ],
  /** `session-renewal.ts`. Source: OIDC Core section 12.2. */
  renewal: ['renewal-subject'],
  /** `provider-logout.ts`. Source: OIDC Back-Channel Logout 1.0 section 2.6. */
  logout: [
    'logout-signature',
    'logout-type',
    'logout-issuer',
    'logout-audience',
    'logout-age',
    'logout-event',
    'logout-nonce',
  ],
  /** `index.ts` and `presented.ts`: which credential a request carries. Source: RFC 6750 section 2. */
  door: ['door-one-credential', 'door-scheme'],
} as const

export type Guard = (typeof guards)[keyof typeof guards][number]

declare const made: unique symbol

/** Made by `gateway/test/leave-out.ts` alone: no setting and no code of the product reaches it. */
export type Without = ReadonlySet<Guard> & { readonly [made]: 'by a test' }

/** What a test may take away from whoever takes these options. */
export type Unguarded = { readonly without?: Without | undefined }

/** Whether a guard is in force: always, but for the one that a test has left out. */
export const guardedBy =
  ({ without }: Unguarded) =>
  (guard: Guard): boolean =>
    !without?.has(guard)
