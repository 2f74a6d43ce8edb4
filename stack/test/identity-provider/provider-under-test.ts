import type { Role } from '#schema/scopes'
import type {
  Application,
  Authenticator,
  NewPerson,
  PageFields,
  Program,
  TestPerson,
} from './parties.ts'
import type { Visitor } from './visitor.ts'

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
