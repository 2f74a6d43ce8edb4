import type { Context } from 'oidc-provider'
import type { Locale } from '../account/rules.ts'
import { failureOf } from './failure.ts'
import { languageFrom } from './language.ts'
import { contentSecurityPolicy, type PageScript } from './layout.ts'
import { expiredPage, failedPage, signedOutPage, signingOutPage, signOutPage } from './pages.ts'

type Site = {
  issuer: string
  client: { redirectUris: readonly string[]; postLogoutRedirectUris: readonly string[] }
}

const firstOf = (value: string | string[] | undefined) =>
  Array.isArray(value) ? value.at(0) : value

export const chosenLanguage = (ctx: Context) => firstOf(ctx.query.lang)

export const languageOf = (ctx: Context, uiLocales?: string): Locale =>
  languageFrom({
    chosen: chosenLanguage(ctx),
    uiLocales: uiLocales ?? firstOf(ctx.query.ui_locales),
    acceptLanguage: ctx.get('accept-language'),
  })

/** Where the applications live: a form may lead there, and a lost person is sent back there. */
export const applicationOrigins = ({ client }: Site): string[] => [
  ...new Set(
    [...client.redirectUris, ...client.postLogoutRedirectUris].map((uri) => new URL(uri).origin),
  ),
]

const applicationUrl = (site: Site) => `${applicationOrigins(site).at(0) ?? site.issuer}/`

type Reply = { status: number; page: string; script?: PageScript | null }

/** Sends a page of ours under a policy that allows nothing but it. */
export function reply(ctx: Context, site: Site, { status, page, script }: Reply): void {
  ctx.status = status
  ctx.type = 'html'
  ctx.set('cache-control', 'no-store')
  ctx.set(
    'content-security-policy',
    contentSecurityPolicy(applicationOrigins(site), script ?? null),
  )
  ctx.body = page
}

export const showExpired = (ctx: Context, site: Site) =>
  reply(ctx, site, {
    status: 400,
    page: expiredPage({ locale: languageOf(ctx), applicationUrl: applicationUrl(site) }),
  })

type Failure = { code: string; error?: Error; status?: number }

/** An error that has no application to go back to: the person sees what to do, and the error's code. */
export function showError(ctx: Context, failure: Failure, site: Site): void {
  if (failure.error?.name === 'SessionNotFound') {
    showExpired(ctx, site)
    return
  }
  const status = failure.status ?? ctx.status
  const detail = failureOf(failure.error)?.code ?? failure.code
  const notice = { locale: languageOf(ctx), applicationUrl: applicationUrl(site) }
  const kind = status >= 500 ? 'unavailable' : 'failed'
  reply(ctx, site, { status, page: failedPage({ ...notice, kind, detail }) })
}

/** Ends at once when the application showed whose session it is; asks otherwise. */
export function showSignOut(ctx: Context, form: string, site: Site): void {
  const locale = languageOf(ctx, ctx.oidc.params?.ui_locales)
  const hinted = ctx.oidc.entities.IdTokenHint?.payload.sub
  const proven = hinted !== undefined && hinted === ctx.oidc.session?.accountId
  const page = proven ? signingOutPage({ locale, form }) : signOutPage({ locale, form })
  reply(ctx, site, { status: 200, page, script: proven ? 'submit' : null })
}

export const showSignedOut = (ctx: Context, site: Site) =>
  reply(ctx, site, {
    status: 200,
    page: signedOutPage({ locale: languageOf(ctx), applicationUrl: applicationUrl(site) }),
  })
