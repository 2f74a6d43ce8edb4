import type { IncomingMessage } from 'node:http'
import type { Context, Interaction, Middleware, Provider } from 'oidc-provider'
import { type SignIn, signIn } from '../account/sign-in.ts'
import type { Turns } from '../account/turns.ts'
import { type SignInFault, type SignInPage, signInPage } from './pages.ts'
import type { FailureRate } from './rate.ts'
import { chosenLanguage, languageOf, reply, showError, showExpired } from './replies.ts'
import type { ProviderOptions } from './settings.ts'

const formBytesMax = 8_192
const path = /^\/interaction\/([\w-]{1,64})$/

type Deps = ProviderOptions & { rate: FailureRate; turns: Turns }
type Visit = { ctx: Context; provider: Provider; interaction: Interaction }

/** The interaction that both the path and the signed cookie name; null when it is gone or another one's. */
async function interactionOf(provider: Provider, ctx: Context, uid: string) {
  try {
    const interaction = await provider.interactionDetails(ctx.req, ctx.res)
    return interaction.uid === uid && interaction.prompt.name === 'login' ? interaction : null
  } catch (error) {
    if (error instanceof Error && error.name === 'SessionNotFound') return null
    throw error
  }
}

/** Null for anything but a small form. */
async function formFrom(ctx: Context): Promise<URLSearchParams | null> {
  if (!ctx.get('content-type').startsWith('application/x-www-form-urlencoded')) return null
  const body = await textOf(ctx.req)
  return body === null ? null : new URLSearchParams(body)
}

async function textOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const part = Buffer.from(chunk)
    bytes += part.byteLength
    if (bytes > formBytesMax) return null
    chunks.push(part)
  }
  return Buffer.concat(chunks).toString()
}

/** A form of another site never signs anybody in here, not even into the attacker's own account. */
function isOwnForm(ctx: Context, issuer: string): boolean {
  const origin = ctx.get('origin')
  const site = ctx.get('sec-fetch-site')
  return (!origin || origin === new URL(issuer).origin) && (!site || site === 'same-origin')
}

function show(
  { ctx, interaction }: Visit,
  site: Deps,
  shown: Partial<SignInPage> & { status?: number },
) {
  const chosen = chosenLanguage(ctx)
  const page = signInPage({
    locale: languageOf(ctx, interaction.params.ui_locales),
    action: chosen ? `${ctx.path}?${new URLSearchParams({ lang: chosen })}` : ctx.path,
    email: shown.email ?? interaction.params.login_hint ?? '',
    fault: shown.fault ?? null,
    languageHref: (locale) => `${ctx.path}?lang=${locale}`,
  })
  reply(ctx, site, { status: shown.status ?? 200, page })
}

const lockedFor = (waitMs: number): SignInFault => ({
  kind: 'locked',
  minutes: Math.max(1, Math.ceil(waitMs / 60_000)),
})

const showLocked = (
  visit: Visit,
  deps: Deps,
  { email, waitMs }: { email: string; waitMs: number },
) => {
  visit.ctx.set('retry-after', String(Math.max(1, Math.ceil(waitMs / 1_000))))
  show(visit, deps, { status: 429, email, fault: lockedFor(waitMs) })
}

/** Sends the person on; `acr` 1 and `pwd`: one factor, a password. Source: RFC 8176. */
async function finish({ ctx, provider }: Visit, accountId: string) {
  const login = { accountId, acr: '1', amr: ['pwd'], remember: false }
  const returnTo = await provider.interactionResult(
    ctx.req,
    ctx.res,
    { login },
    { mergeWithLastSubmission: false },
  )
  ctx.status = 303
  ctx.redirect(returnTo)
}

async function conclude(visit: Visit, deps: Deps, given: { email: string; outcome: SignIn }) {
  const { email, outcome } = given
  deps.seen?.(outcome.outcome)
  if (outcome.outcome === 'signed-in') return finish(visit, outcome.account.id)
  deps.rate.fail(visit.ctx.ip)
  if (outcome.outcome === 'refused') {
    return show(visit, deps, { status: 422, email, fault: { kind: 'wrong' } })
  }
  deps.log.warn('An e-mail address is locked after failed sign-ins')
  return showLocked(visit, deps, { email, waitMs: outcome.until.getTime() - deps.now().getTime() })
}

async function submit(visit: Visit, deps: Deps) {
  const { ctx } = visit
  if (!isOwnForm(ctx, deps.issuer)) return showError(ctx, { code: 'cross_site', status: 403 }, deps)
  const form = await formFrom(ctx)
  if (!form) return showError(ctx, { code: 'invalid_form', status: 400 }, deps)
  const email = form.get('email') ?? ''
  const waitMs = deps.rate.waitMs(ctx.ip)
  if (waitMs > 0) {
    deps.seen?.('limited')
    return showLocked(visit, deps, { email, waitMs })
  }
  const credentials = { email, password: form.get('password') ?? '' }
  const outcome = await signIn(deps, credentials)
  return conclude(visit, deps, { email, outcome })
}

const methods: Record<string, (visit: Visit, deps: Deps) => void | Promise<void>> = {
  GET: (visit, deps) => show(visit, deps, {}),
  POST: submit,
}

/** The sign-in page: shown on GET, decided on POST. Everything else goes on to the provider. */
export const interactions =
  (provider: Provider, deps: Deps): Middleware =>
  async (ctx, next) => {
    const uid = path.exec(ctx.path)?.[1]
    if (!uid) return next()
    const act = methods[ctx.method]
    if (!act) return showError(ctx, { code: 'method_not_allowed', status: 405 }, deps)
    const interaction = await interactionOf(provider, ctx, uid)
    return interaction ? act({ ctx, provider, interaction }, deps) : showExpired(ctx, deps)
  }
