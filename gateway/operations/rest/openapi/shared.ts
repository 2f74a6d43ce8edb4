import { errorCodes } from '#schema/errors'
import type { JsonMap } from '../../json-schema/schema.ts'

/** Source: RFC 9457; the same members as `problem.ts` tells. */
const Problem: JsonMap = {
  type: 'object',
  description: 'What went wrong. Source: RFC 9457.',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string' },
    instance: { type: 'string', format: 'uri-reference' },
    code: {
      type: 'string',
      description: 'The code that GraphQL tells of the same failure, or one of a refusal’s own.',
      examples: Object.keys(errorCodes),
    },
    requestId: { type: 'string', description: 'Quote it when you ask us.' },
    errors: {
      type: 'array',
      description: 'Each value that could not be used.',
      items: {
        type: 'object',
        required: ['name', 'detail'],
        properties: { name: { type: 'string' }, detail: { type: 'string' } },
      },
    },
  },
}

const header = (description: string, type = 'string'): JsonMap => ({
  description,
  schema: { type },
})

const headers: JsonMap = {
  RateLimit: header('What is left, and in how many seconds all of it is back.'),
  'RateLimit-Policy': header('How much there is, and for how many seconds.'),
  'Retry-After': header('Seconds to wait before the same request.', 'integer'),
  ETag: header('Names these very bytes, where caches may keep them.'),
  Allow: header('The methods that the address answers.'),
}

const ref = (kind: string, name: string): JsonMap => ({ $ref: `#/components/${kind}/${name}` })

export const schemaRef = (name: string): JsonMap => ref('schemas', name)

const limits: JsonMap = {
  RateLimit: ref('headers', 'RateLimit'),
  'RateLimit-Policy': ref('headers', 'RateLimit-Policy'),
}
export const answerHeaders: JsonMap = { ...limits, ETag: ref('headers', 'ETag') }

const problem = (description: string, more: JsonMap = {}): JsonMap => ({
  description,
  headers: { ...limits, ...more },
  content: { 'application/problem+json': { schema: schemaRef('Problem') } },
})

const retry: JsonMap = { 'Retry-After': ref('headers', 'Retry-After') }

/** By status: the failures that every operation may tell of. */
const everywhere: Readonly<Record<string, JsonMap>> = {
  400: problem('Values are not valid (BAD_USER_INPUT), each in `errors`; or no request at all.'),
  401: problem('Proof of who asks is missing or not good (UNAUTHENTICATED).'),
  403: problem(
    'The scopes of the caller do not allow this (UNAUTHORIZED_FIELD_OR_TYPE, FORBIDDEN).',
  ),
  404: problem(
    'No such operation for this caller (OPERATION_NOT_REGISTERED), or nothing of that name.',
  ),
  405: problem('The address does not answer this method.', { Allow: ref('headers', 'Allow') }),
  406: problem('There is no such version (UNKNOWN_VERSION), or no such type of answer.'),
  410: problem('The operation is answered no more (OPERATION_RETIRED); `detail` has the date.'),
  429: problem('Too much in too short a time (RATE_LIMITED).', retry),
  500: problem('Something went wrong on our side (INTERNAL).'),
  503: problem('Something that is needed is out of reach (UNAVAILABLE).', retry),
  504: problem('The answer took too long (TIMEOUT).', retry),
}

const ofBodies: Readonly<Record<string, JsonMap>> = {
  413: problem('The body is too large (BODY_TOO_LARGE).'),
  415: problem('The body is not application/json.'),
}

const ofMutations: Readonly<Record<string, JsonMap>> = {
  409: problem('Something else was done in the meantime (CONFLICT and its like).', retry),
  422: problem(
    'It was refused: `code` says why. Or the idempotency key was used for other values.',
  ),
}

const refs = (responses: Readonly<Record<string, JsonMap>>): JsonMap =>
  Object.fromEntries(Object.keys(responses).map((status) => [status, ref('responses', status)]))

type Asked = { readonly hasBody: boolean; readonly mayBeRefused: boolean }

/** References to the failures that an operation may tell of. */
export const failuresOf = ({ hasBody, mayBeRefused }: Asked): JsonMap => ({
  ...refs(everywhere),
  ...(hasBody && refs(ofBodies)),
  ...(mayBeRefused && refs(ofMutations)),
})

export const idempotencyKey = ref('parameters', 'IdempotencyKey')

const parameters: JsonMap = {
  IdempotencyKey: {
    ...{ name: 'Idempotency-Key', in: 'header', required: false },
    description:
      'A text of your own, a UUID best. The same key gets the same answer for 24 hours; with other values it is refused.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
}

/** What every operation refers to. */
export const sharedComponents = (issuer: string, cookieName: string) => ({
  schemas: { Problem },
  headers,
  parameters,
  responses: { ...everywhere, ...ofBodies, ...ofMutations },
  securitySchemes: {
    token: {
      type: 'openIdConnect',
      openIdConnectUrl: `${issuer}/.well-known/openid-configuration`,
      description: 'A program takes a token by its client credentials (RFC 6749, section 4.4).',
    },
    key: { type: 'http', scheme: 'bearer', description: 'An API key: `Bearer plx_…`.' },
    session: {
      ...{ type: 'apiKey', in: 'cookie', name: cookieName },
      description: 'The session of somebody who signed in with a browser.',
    },
  },
})
