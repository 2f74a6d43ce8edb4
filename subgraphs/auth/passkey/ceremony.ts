import type { RelyingParty } from '../security/second-factor.ts'
import type { NewPasskey, PasskeyRow } from './queries.ts'
import type { AssertionResponse, RegistrationResponse } from './response.ts'
import { attestationFormats, challengeMs } from './rules.ts'

/** Loaded with the first passkey: it takes as much memory, and as long, as the rest of the room. */
const webauthn = () => import('@simplewebauthn/server')
const helpers = () => import('@simplewebauthn/server/helpers')

/** What a browser is asked, as JSON, and the challenge in it. */
export type Asked = { readonly options: string; readonly challenge: string }

type Known = Pick<PasskeyRow, 'credentialId' | 'transports'>

const credentialsOf = (passkeys: readonly Known[]) =>
  passkeys.map(({ credentialId, transports }) => ({
    id: credentialId.toString('base64url'),
    transports,
  }))

type Registrant = {
  readonly id: string
  readonly email: string
  readonly displayName: string
  readonly passkeys: readonly Known[]
}

/** Asks for a new passkey: one that is kept on the authenticator and wants a finger, face or PIN. */
export async function askRegistration(party: RelyingParty, person: Registrant): Promise<Asked> {
  const { generateRegistrationOptions } = await webauthn()
  const options = await generateRegistrationOptions({
    rpID: party.id,
    rpName: party.name,
    userID: new TextEncoder().encode(person.id),
    userName: person.email,
    userDisplayName: person.displayName,
    timeout: challengeMs,
    attestationType: 'none',
    excludeCredentials: credentialsOf(person.passkeys),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  return { options: JSON.stringify(options), challenge: options.challenge }
}

/** Asks for one of these passkeys; for any of our own when there are none to name. */
export async function askAssertion(
  party: RelyingParty,
  passkeys: readonly Known[] = [],
): Promise<Asked> {
  const { generateAuthenticationOptions } = await webauthn()
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    timeout: challengeMs,
    userVerification: 'required',
    ...(passkeys.length > 0 && { allowCredentials: credentialsOf(passkeys) }),
  })
  return { options: JSON.stringify(options), challenge: options.challenge }
}

const expected = (party: RelyingParty, challenge: string) => ({
  expectedChallenge: challenge,
  expectedOrigin: [...party.origins],
  expectedRPID: party.id,
  requireUserVerification: true,
})

async function formatReader() {
  const { decodeAttestationObject, isoBase64URL } = await helpers()
  return ({ response }: RegistrationResponse): string =>
    decodeAttestationObject(isoBase64URL.toBuffer(response.attestationObject)).get('fmt')
}

type Made = Pick<NewPasskey, 'credentialId' | 'publicKey' | 'counter' | 'transports'>

/** The passkey that answers this challenge. Null for anything that is not one made for us just now. */
export async function madePasskey(
  party: RelyingParty,
  challenge: string,
  response: RegistrationResponse,
): Promise<Made | null> {
  const [{ verifyRegistrationResponse }, formatOf] = await Promise.all([webauthn(), formatReader()])
  try {
    if (!attestationFormats.includes(formatOf(response))) return null
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      ...expected(party, challenge),
    })
    if (!verified) return null
    const { id, publicKey, counter } = registrationInfo.credential
    return {
      credentialId: Buffer.from(id, 'base64url'),
      publicKey: Buffer.from(publicKey),
      counter,
      transports: response.response.transports,
    }
  } catch {
    // The library throws at whatever a browser may send.
    return null
  }
}

/** The passkey's new counter when it signed this challenge, for one of our pages, after looking who holds it. */
export async function signedCounter(
  party: RelyingParty,
  { challenge, passkey }: { readonly challenge: string; readonly passkey: PasskeyRow },
  response: AssertionResponse,
): Promise<number | null> {
  const { verifyAuthenticationResponse } = await webauthn()
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      ...expected(party, challenge),
      credential: {
        id: passkey.credentialId.toString('base64url'),
        publicKey: new Uint8Array(passkey.publicKey),
        counter: passkey.counter,
        transports: passkey.transports,
      },
    })
    return verified ? authenticationInfo.newCounter : null
  } catch {
    return null
  }
}
