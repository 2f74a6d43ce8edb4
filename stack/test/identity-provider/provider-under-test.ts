import type { Role } from '#schema/scopes'
import type { Visitor } from './visitor.ts'

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

/** What the contract asks of an identity provider, whichever it is. */
export type ProviderUnderTest = {
  /** Through the front, so that it can be cut off. */
  readonly issuer: string
  readonly audience: string
  readonly fields: PageFields
  addPerson(person?: NewPerson): Promise<TestPerson>
  setRoles(person: TestPerson, roles: readonly Role[]): Promise<void>
  disable(person: TestPerson): Promise<void>
  /** Sets an authenticator app up for who is signed in with that browser. */
  enrol(person: TestPerson, browser: Visitor): Promise<Authenticator>
  /** From now on another key signs; tokens that the old one signed can still be checked. */
  rotateKeys(): Promise<void>
  /** A program of a partner that may have `bookings:read` and `bookings:write`. */
  addProgram(): Promise<Program>
  /** A token of this issuer, signed and in time, for an API that is not ours. */
  foreignToken(): Promise<string>
  stop(): Promise<void>
}

/** Starts a provider behind `front`, the address that everybody else knows it by. */
export type StartProvider = (
  front: { readonly origin: string; lead(origin: string): void },
  application: Application,
) => Promise<ProviderUnderTest>
