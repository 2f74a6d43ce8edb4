import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'

const flag = { present: 0x01, verified: 0x04, attested: 0x40 }

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest()
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')

/** What a test may get wrong on purpose. */
export type Quirks = {
  origin?: string
  rpId?: string
  isVerified?: boolean
  counter?: number
  challenge?: string
  type?: string
  format?: string
}

/** A security key without hardware: one P-256 passkey that does as a browser with a real one does. */
export function newAuthenticator(origin = 'http://localhost:3999') {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(32)
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const coseKey = isoCBOR.encode(
    new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
      [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
    ]),
  )
  const state = { counter: 0 }

  const clientData = (type: string, challenge: string, quirks: Quirks) =>
    Buffer.from(
      JSON.stringify({
        type: quirks.type ?? type,
        challenge: quirks.challenge ?? challenge,
        origin: quirks.origin ?? origin,
        crossOrigin: false,
      }),
    )

  function authenticatorData(rpId: string, quirks: Quirks, attested: Uint8Array = Buffer.of()) {
    state.counter = quirks.counter ?? state.counter + 1
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(state.counter)
    const flags =
      flag.present |
      (quirks.isVerified === false ? 0 : flag.verified) |
      (attested.length > 0 ? flag.attested : 0)
    return Buffer.concat([sha256(quirks.rpId ?? rpId), Buffer.of(flags), counter, attested])
  }

  return {
    id,
    /** What a server keeps of it. */
    kept: () => ({
      credentialId: id,
      publicKey: Buffer.from(coseKey),
      counter: state.counter,
      transports: ['internal'],
    }),
    /** Answers `navigator.credentials.create`. */
    register: (options: string, quirks: Quirks = {}): string => {
      const { challenge, rp } = JSON.parse(options)
      const length = Buffer.alloc(2)
      length.writeUInt16BE(id.length)
      const attested = Buffer.concat([Buffer.alloc(16), length, id, coseKey])
      const attestationObject = isoCBOR.encode(
        new Map<string, string | Uint8Array | Map<string, string>>([
          ['fmt', quirks.format ?? 'none'],
          ['attStmt', new Map()],
          ['authData', new Uint8Array(authenticatorData(rp.id, quirks, attested))],
        ]),
      )
      return JSON.stringify({
        id: base64url(id),
        rawId: base64url(id),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(clientData('webauthn.create', challenge, quirks)),
          attestationObject: base64url(attestationObject),
          transports: ['internal'],
        },
      })
    },
    /** Answers `navigator.credentials.get`. */
    assert: (options: string, quirks: Quirks = {}): string => {
      const { challenge, rpId } = JSON.parse(options)
      const data = authenticatorData(rpId, quirks)
      const client = clientData('webauthn.get', challenge, quirks)
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), privateKey)
      return JSON.stringify({
        id: base64url(id),
        rawId: base64url(id),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(client),
          authenticatorData: base64url(data),
          signature: base64url(signature),
        },
      })
    },
  }
}

export type Authenticator = ReturnType<typeof newAuthenticator>
