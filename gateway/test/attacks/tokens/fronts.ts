import type { Exchange, Stage } from '../../../exchange.ts'
import { encoded } from './forge.ts'

/** What a careless proxy, or a careless first stage, makes of a request before anybody looks at it. */
const rewriting =
  (authorizationOf: (exchange: Exchange) => string | null): Stage =>
  (exchange, next) => {
    const authorization = authorizationOf(exchange)
    if (authorization !== null) exchange.request.headers.set('authorization', authorization)
    return next()
  }

const headerOf = ({ request }: Exchange) => request.headers.get('authorization') ?? ''

/** Takes what is inside a token for a token, whoever signed the outside. */
export const unwraps = rewriting((exchange) => {
  const [, payload = ''] = headerOf(exchange).split('.')
  return `Bearer ${Buffer.from(payload, 'base64url')}`
})

/** Reads an encrypted token, and takes what is in it for true because it could be read. */
export const decrypts = rewriting((exchange) => {
  const [, , claims] = headerOf(exchange).split('.')
  return `Bearer ${encoded({ alg: 'ES256', typ: 'at+jwt' })}.${claims}.`
})

/** Takes a token out of the address, where logs and histories keep it. */
export const readsAddress = rewriting(({ url }) => {
  const token = url.searchParams.get('access_token')
  return token && `Bearer ${token}`
})

/** Takes a token out of a cookie that anybody may have set. */
export const readsCookie = rewriting(({ request }) => {
  const [, token] = /access_token=([^;]+)/.exec(request.headers.get('cookie') ?? '') ?? []
  return token ? `Bearer ${token}` : null
})

/** Takes the last of several headers, where another one looked at the first. */
export const takesLast = rewriting((exchange) => headerOf(exchange).split(', ').at(-1) ?? null)

/** Takes a password for a token. */
export const takesPassword = rewriting((exchange) => {
  const [, pair = ''] = headerOf(exchange).split(' ')
  return `Bearer ${atob(pair).split(':')[1]}`
})

/** Believes a header in which another proxy says who it is. */
export const believesProxy = rewriting(({ request }) => {
  const token = request.headers.get('x-forwarded-access-token')
  return token && `Bearer ${token}`
})
