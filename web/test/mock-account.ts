import { GraphQLError } from 'graphql'
import { type Args, iso, type Row, refusal } from './mock-graph.ts'

/** The account that is signed in: what it is protected by, and who acts for whom. */
export type MockAccount = {
  acr: '1' | '2'
  provider: 'embedded' | 'external'
  /** Who looks with the account's eyes. */
  actor: string | null
  readOnly: boolean
  /** 0 for a quarter of an hour. */
  actsForDays: number
  /** What the gateway says of a session that was lost. */
  silent: boolean
  /** The sign-in is a while ago. */
  isOld: boolean
  security: Security
  given: Row[]
  received: Row[]
  actingAs: string | null
  attemptsLeft: number
  /** Leading zero bits that a proof of work must have. */
  difficulty: number
  /** Letters and accounts that were asked for, and what was confirmed. */
  asked: string[]
}

type Security = {
  totpEnabled: boolean
  passkeys: Row[]
  recoveryCodesLeft: number
  passwordChangedAt: string
  passwordExpiresAt: string | null
  emailVerified: boolean
}

export const mockPassword = 'lune-calme-verte-9'
export const mockCode = '123456'
export const mockRecoveryCode = 'k7pq-3mzt-9x2d'
export const mockToken = 'letter-of-the-mock'
const dayMs = 86_400_000
const levelMs = 900_000

const codes = Array.from({ length: 10 }, (_, place) => `k7pq-3mzt-9x${place}d`)
const inDays = (days: number): string => iso(Date.now() + days * dayMs)
const person = (displayName: string): Row => ({ __typename: 'User', id: displayName, displayName })

const delegation = (id: string, from: string, to: string): Row => ({
  __typename: 'Delegation',
  id,
  from: person(from),
  to: person(to),
  scopes: ['bookings:read', 'bookings:write'],
  expiresAt: inDays(30),
  reason: null,
})

export const createMockAccount = (): MockAccount => ({
  acr: '1',
  provider: 'embedded',
  actor: null,
  readOnly: false,
  actsForDays: 0,
  silent: false,
  isOld: false,
  security: {
    totpEnabled: false,
    passkeys: [],
    recoveryCodesLeft: 0,
    passwordChangedAt: inDays(-40),
    passwordExpiresAt: null,
    emailVerified: true,
  },
  given: [delegation('given-1', 'Léa Fontaine', 'Noah Berger')],
  received: [delegation('received-1', 'Camille Moreau', 'Léa Fontaine')],
  actingAs: null,
  attemptsLeft: 5,
  difficulty: 10,
  asked: [],
})

/** What `GET /auth/session` says of the account. */
export const sessionFacts = (account: MockAccount) => ({
  acr: account.acr,
  acrUntil: account.acr === '2' ? iso(Date.now() + levelMs) : null,
  expiresAt: iso(Date.now() + dayMs),
  actingUntil: account.actor && iso(Date.now() + (account.actsForDays * dayMs || levelMs)),
  actor: account.actor,
  readOnly: account.readOnly,
  provider: { kind: account.provider },
})

type Input = { input: Record<string, unknown> }

const denied = (): GraphQLError =>
  new GraphQLError('denied', { extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } })

/** As the graph answers for what needs a second factor, and for what somebody may only look at. */
export const guarded =
  <Own extends unknown[]>(account: MockAccount, act: (...own: Own) => Row) =>
  (...own: Own): Row => {
    if (account.acr !== '2' || account.readOnly) throw denied()
    return act(...own)
  }

const weak = (problems: string[]): Row =>
  refusal('WeakPasswordError', 'BAD_USER_INPUT', { problems, entropyBits: 12.5 })

const weakness = (password: unknown): Row | null =>
  /password/i.test(String(password)) ? weak(['COMMON', 'GUESSABLE']) : null

function codeRefusal(account: MockAccount): Row {
  account.attemptsLeft -= 1
  const lockedUntil = account.attemptsLeft > 0 ? null : iso(Date.now() + 60_000)
  return refusal('InvalidCodeError', 'BAD_USER_INPUT', {
    attemptsLeft: Math.max(0, account.attemptsLeft),
    lockedUntil,
  })
}

function verifyTotp(account: MockAccount, { input }: Input): Row {
  if (String(input.code).replaceAll(' ', '') !== mockCode) return codeRefusal(account)
  const isFirst = !account.security.totpEnabled
  account.acr = '2'
  account.security.totpEnabled = true
  if (isFirst) account.security.recoveryCodesLeft = codes.length
  return { __typename: 'TotpVerified', acr: '2', recoveryCodes: isFirst ? codes : null }
}

const picture =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29"><path fill="#fff" d="M0 0h29v29H0z"/><path d="M2 2h7v7H2zm18 0h7v7h-7zM2 20h7v7H2zm9-18h2v4h-2zm3 3h4v2h-4zm-1 6h6v3h-6zm7 2h5v5h-5zm-9 6h4v6h-4zm6 1h3v5h-3z"/></svg>'

const factors = (account: MockAccount) => ({
  enrolTotp: ({ password }: Args) =>
    account.isOld && password !== mockPassword
      ? refusal('ForbiddenError', 'FORBIDDEN')
      : {
          __typename: 'TotpEnrolment',
          secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
          otpauthUrl: 'otpauth://totp/Plexus:lea?secret=JBSWY3DPEHPK3PXP',
          qrSvg: picture,
          expiresAt: inDays(1),
        },
  verifyTotp: (args: Input) => verifyTotp(account, args),
  disableTotp: guarded(account, ({ code }: Args) => {
    if (code !== mockCode) return codeRefusal(account)
    Object.assign(account.security, { totpEnabled: false, recoveryCodesLeft: 0 })
    return { __typename: 'TotpDisabled', at: iso(Date.now()) }
  }),
  regenerateRecoveryCodes: guarded(account, () => {
    account.security.recoveryCodesLeft = codes.length
    return { __typename: 'RecoveryCodes', codes }
  }),
  useRecoveryCode: ({ code }: Args) => {
    if (code !== mockRecoveryCode) return codeRefusal(account)
    account.acr = '2'
    account.security.recoveryCodesLeft -= 1
    return { __typename: 'RecoveryCodeUsed', acr: '2', codesLeft: 9 }
  },
})

/** Options as the server makes them; a virtual authenticator of the browser answers. */
const passkeyOptions = (account: MockAccount) => ({
  challenge: Buffer.from('the challenge of the mock').toString('base64url'),
  rp: { name: 'Plexus', id: 'localhost' },
  rpId: 'localhost',
  user: { id: 'dmlld2VyLTE', name: 'lea@example.org', displayName: 'Léa Fontaine' },
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
  timeout: 60_000,
  userVerification: 'required',
  allowCredentials: account.security.passkeys.map(({ credential }) => ({
    id: credential,
    type: 'public-key',
  })),
  authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
})

const passkeys = (account: MockAccount) => ({
  startPasskeyRegistration: ({ password }: Args) =>
    account.isOld && password !== mockPassword
      ? refusal('ForbiddenError', 'FORBIDDEN')
      : { __typename: 'PasskeyChallenge', options: JSON.stringify(passkeyOptions(account)) },
  finishPasskeyRegistration: ({ input }: Input) => {
    const credential: unknown = JSON.parse(String(input.response)).id
    const passkey = {
      ...{ __typename: 'Passkey', id: `passkey-${account.security.passkeys.length + 1}` },
      ...{ label: input.label, createdAt: iso(Date.now()), lastUsedAt: null, credential },
    }
    account.security.passkeys.push(passkey)
    return { __typename: 'PasskeyAdded', passkey, recoveryCodes: null }
  },
  startPasskeyVerification: () => ({
    __typename: 'PasskeyChallenge',
    options: JSON.stringify(passkeyOptions(account)),
  }),
  finishPasskeyVerification: () => {
    account.acr = '2'
    return { __typename: 'PasskeyVerified', acr: '2' }
  },
  removePasskey: guarded(account, ({ id }: Args) => {
    const { security } = account
    security.passkeys = security.passkeys.filter((passkey) => passkey.id !== id)
    return { __typename: 'PasskeyRemoved', id }
  }),
})

const passwords = (account: MockAccount) => ({
  proofOfWork: () => ({ challenge: 'mock', difficulty: account.difficulty, expiresAt: inDays(1) }),
  generatePassword: () => ({
    __typename: 'GeneratedPassword',
    value: 'tR7~mQ2#vL9_xW4!kP6+zN8=',
    entropyBits: 155.2,
  }),
  createAccount: ({ input }: Input) => {
    account.asked.push(`account ${input.email} ${input.proof}`)
    return weakness(input.password) ?? { __typename: 'AccountCreated', next: 'VERIFY_EMAIL' }
  },
  changePassword: ({ input }: Input) => {
    if (input.current !== mockPassword) return refusal('InvalidCredentialError', 'BAD_USER_INPUT')
    account.security.passwordChangedAt = iso(Date.now())
    return (
      weakness(input.next) ?? {
        __typename: 'PasswordChanged',
        expiresAt: null,
        otherSessionsRevoked: 2,
      }
    )
  },
  requestPasswordReset: ({ input }: Input) => {
    account.asked.push(`reset ${input.email} ${input.proof}`)
    return { __typename: 'PasswordResetRequested', linkMinutes: 60 }
  },
  resetPassword: ({ input }: Input) => {
    if (input.token !== mockToken) return refusal('InvalidTokenError', 'BAD_USER_INPUT')
    return weakness(input.password) ?? { __typename: 'PasswordReset', sessionsRevoked: 1 }
  },
  verifyEmail: ({ token }: Args) => {
    if (token !== mockToken) return refusal('InvalidTokenError', 'BAD_USER_INPUT')
    account.asked.push('verified')
    return { __typename: 'EmailVerified', at: iso(Date.now()) }
  },
})

const delegations = (account: MockAccount) => ({
  grantDelegation: guarded(account, ({ input }: Input) => {
    if (String(input.email).startsWith('nobody')) return refusal('NotFoundError', 'NOT_FOUND')
    const made = delegation(`given-${account.given.length + 1}`, 'Léa Fontaine', 'Inès Carvalho')
    const { scopes, expiresAt, reason } = input
    account.given.push({ ...made, scopes, expiresAt, reason })
    return { __typename: 'DelegationGranted', delegation: made }
  }),
  revokeDelegation: ({ id }: Args) => {
    account.given = account.given.filter((own) => own.id !== id)
    return { __typename: 'DelegationRevoked', id }
  },
  actFor: ({ delegationId }: Args) => {
    account.actingAs = String(delegationId)
    return {
      ...{ __typename: 'ActingStarted', endsAt: inDays(1) },
      ...{ displayName: 'Camille Moreau', scopes: ['bookings:read'] },
    }
  },
  endActing: () => {
    account.actingAs = null
    return { __typename: 'ActingEnded', ended: true }
  },
})

/** The part of the graph's root that has to do with the account. */
export const accountRoot = (account: MockAccount) => ({
  passwordPolicy: () => ({ minLength: 12, maxLength: 128, minEntropyBits: 40 }),
  ...passwords(account),
  ...factors(account),
  ...passkeys(account),
  ...delegations(account),
  endImpersonation: () => {
    Object.assign(account, { actor: null, readOnly: false })
    return { __typename: 'ActingEnded', ended: true }
  },
})

/** What the viewer's own pages show. */
export const accountViewer = (account: MockAccount) => ({
  scopes: ['self', 'bookings:read', 'bookings:write', 'files:write'],
  user: {
    ...person('Léa Fontaine'),
    email: 'lea@example.org',
  },
  security: () => account.security,
  delegationsGiven: () => account.given,
  delegationsReceived: () => account.received,
  actingAs: () => account.received.find(({ id }) => id === account.actingAs) ?? null,
  impersonator: null,
})
