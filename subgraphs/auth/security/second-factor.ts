import type { Vault } from '#kit/vault'

/** For whom passkeys are made. Source: WebAuthn Level 3, section 4 (Relying Party). */
export type RelyingParty = {
  /** A domain: every page that uses passkeys lives on it or below it. */
  readonly id: string
  readonly name: string
  readonly origins: readonly string[]
}

/** What second factors need of the outside. There is none where another provider keeps accounts. */
export type SecondFactor = {
  /** Seals the secrets of TOTP, for the person whom each belongs to. */
  readonly vault: Vault
  readonly relyingParty: RelyingParty
}
