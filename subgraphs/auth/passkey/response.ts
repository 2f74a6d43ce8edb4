import { z } from 'zod'

const responseBytesMax = 16_384

const Bytes = z.string().regex(/^[\w-]+$/)
const credential = {
  id: Bytes.max(1_366),
  rawId: Bytes.max(1_366),
  type: z.literal('public-key'),
  // Nothing was asked of extensions, so what they say is not looked at.
  clientExtensionResults: z.looseObject({}).transform(() => ({})),
}

const Registration = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: Bytes,
    attestationObject: Bytes,
    transports: z.array(z.string().max(32)).max(8).default([]),
  }),
})
export type RegistrationResponse = z.output<typeof Registration>

const Assertion = z.object({
  ...credential,
  response: z
    .object({
      clientDataJSON: Bytes,
      authenticatorData: Bytes,
      signature: Bytes,
      userHandle: z.string().nullish(),
    })
    // Tells whose it is; we ask our own table instead.
    .transform(({ userHandle: _, ...signed }) => signed),
})
export type AssertionResponse = z.output<typeof Assertion>

function parsed<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> | null {
  if (text.length > responseBytesMax) return null
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    // A browser's answer is not for us to explain.
    return null
  }
}

/** What `navigator.credentials.create` gave, as JSON. Null for anything else. */
export const registrationFrom = (text: string): RegistrationResponse | null =>
  parsed(Registration, text)

/** What `navigator.credentials.get` gave, as JSON. Null for anything else. */
export const assertionFrom = (text: string): AssertionResponse | null => parsed(Assertion, text)
