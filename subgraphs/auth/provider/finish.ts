import type { Visit } from './visit.ts'

export type Login = {
  readonly accountId: string
  /** 1: a password. 2: a second factor beside it, or a passkey that looked who holds it. */
  readonly acr: '1' | '2'
  /** Source: RFC 8176. */
  readonly amr: readonly string[]
}

async function sendOn({ ctx, provider }: Visit, result: Record<string, unknown>) {
  const options = { mergeWithLastSubmission: false }
  const returnTo = await provider.interactionResult(ctx.req, ctx.res, result, options)
  ctx.status = 303
  ctx.redirect(returnTo)
}

/** Sends the person on, signed in. */
export const finish = (visit: Visit, login: Login) =>
  sendOn(visit, { login: { ...login, amr: [...login.amr], remember: false } })

export type Refusal = 'access_denied' | 'unmet_authentication_requirements'

/** Sends the person back to the application without what it asked for. Source: OIDC Core 3.1.2.6. */
export const refuse = (visit: Visit, error: Refusal) =>
  sendOn(visit, { error, error_description: 'the sign-in did not reach the level asked for' })
