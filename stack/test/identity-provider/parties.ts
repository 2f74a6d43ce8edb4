import type { Role } from '#schema/scopes'

export type TestPerson = {
  /** The subject of their tokens. */
  readonly id: string
  /** What is typed into the first field of the sign-in page. */
  readonly login: string
  readonly password: string
  readonly displayName: string
}

export type NewPerson = { readonly roles?: readonly Role[] }

/** An authenticator app: a code that counts, a new one each time. */
export type Authenticator = { code(): string }
export type Program = { readonly id: string; readonly secret: string }

/** Where the gateway under test is, before it runs: the provider has to know its addresses. */
export type Application = { readonly origin: string; readonly client: Program }

/** The names of the fields on the provider's pages, and what their buttons send. */
export type PageFields = {
  readonly login: string
  readonly password: string
  readonly code: string
  readonly signOut: Readonly<Record<string, string>>
  /** Goes back from a page that asks for a second factor. */
  readonly decline: Readonly<Record<string, string>>
}
