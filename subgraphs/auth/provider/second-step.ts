import type { Context } from 'oidc-provider'
import { proveCode } from '../security/prove.ts'
import { hasFactor } from '../security/rules.ts'
import type { SecondFactor } from '../security/second-factor.ts'
import { finish, type Login, refuse } from './finish.ts'
import type { Fault } from './layout.ts'
import { passkeyHolder, passkeyOptions } from './passkey-step.ts'
import { complete } from './renewal-step.ts'
import { reply } from './replies.ts'
import { type CodeKind, missingFactorPage, secondFactorPage } from './second-pages.ts'
import { type Awaited, rememberPassword } from './step.ts'
import { type Deps, linksOf, lockedFor, showNext, type Visit } from './visit.ts'

type Shown = { readonly status: number; readonly fault: Fault | null }
type Asked = { readonly awaited: Awaited; readonly secondFactor: SecondFactor }

const wanted = (ctx: Context): CodeKind => (ctx.query.with === 'recovery' ? 'recovery' : 'app')

const withKind = (href: string, kind: CodeKind) =>
  kind === 'app' ? href : `${href}${href.includes('?') ? '&' : '?'}with=recovery`

async function showSecond(visit: Visit, deps: Deps, { awaited, shown }: Showing) {
  const links = linksOf(visit)
  const kind = wanted(visit.ctx)
  const options = kind === 'app' ? await passkeyOptions(visit, deps, awaited) : null
  const page = secondFactorPage({
    ...links,
    action: withKind(links.action, kind),
    languageHref: (locale) => withKind(links.languageHref(locale), kind),
    kind,
    hasApp: awaited.factors.totp,
    passkeyOptions: options,
    otherKindHref: withKind(links.action, kind === 'app' ? 'recovery' : 'app'),
    fault: shown.fault,
  })
  reply(visit.ctx, deps, { status: shown.status, page, script: options ? 'passkey' : null })
}

type Showing = { readonly awaited: Awaited; readonly shown: Shown }

/** The page for somebody who is asked for a second factor, or who has none to show. */
export async function showSecondStep(
  visit: Visit,
  deps: Deps,
  { awaited, shown = { status: 200, fault: null } }: { awaited: Awaited; shown?: Shown },
) {
  if (hasFactor(awaited.factors)) return showSecond(visit, deps, { awaited, shown })
  return reply(visit.ctx, deps, { status: 200, page: missingFactorPage(linksOf(visit)) })
}

async function showWrong(visit: Visit, deps: Deps, awaited: Awaited) {
  deps.rate.fail(visit.ctx.ip)
  deps.seen?.('second-factor-refused')
  const shown: Shown = { status: 422, fault: { kind: 'wrong' } }
  return showSecondStep(visit, deps, { awaited, shown })
}

async function showLocked(visit: Visit, deps: Deps, { awaited, until }: Locked) {
  deps.rate.fail(visit.ctx.ip)
  deps.seen?.('second-factor-locked')
  const fault = lockedFor(visit, until.getTime() - deps.now().getTime())
  return showSecondStep(visit, deps, { awaited, shown: { status: 429, fault } })
}

type Locked = { readonly awaited: Awaited; readonly until: Date }

/** A step up is no sign-in: what a sign-in asks for on top waits until the next one. */
const letIn = (visit: Visit, deps: Deps, { awaited, login }: { awaited: Awaited; login: Login }) =>
  awaited.by === 'password' ? complete(visit, deps, login) : finish(visit, login)

/** A code of the app or a recovery code. */
export async function submitCode(
  visit: Visit,
  deps: Deps,
  { awaited, secondFactor, code }: Asked & { readonly code: string },
) {
  const { accountId: personId, amr } = awaited
  const { db, now } = deps
  const proof = await proveCode({ db, now, vault: secondFactor.vault }, { personId, code })
  if (proof.outcome === 'refused') return showWrong(visit, deps, awaited)
  if (proof.outcome === 'locked') return showLocked(visit, deps, { awaited, until: proof.until })
  deps.seen?.('second-factor-proven')
  const login = { accountId: personId, acr: '2', amr: [...amr, 'otp', 'mfa'] } as const
  return letIn(visit, deps, { awaited, login })
}

/** A passkey of the person who is asked. */
export async function submitPasskey(
  visit: Visit,
  deps: Deps,
  { awaited, ...answer }: Asked & { readonly response: string },
) {
  const { accountId, amr } = awaited
  const holder = await passkeyHolder(visit, deps, answer)
  if (holder !== accountId) return showWrong(visit, deps, awaited)
  deps.seen?.('second-factor-proven')
  const login = { accountId, acr: '2', amr: [...amr, 'hwk', 'mfa'] } as const
  return letIn(visit, deps, { awaited, login })
}

/** Back to the password, or to the application that somebody came from who is signed in already. */
export async function cancel(visit: Visit, deps: Deps, awaited: Awaited) {
  if (!hasFactor(awaited.factors)) return refuse(visit, 'unmet_authentication_requirements')
  if (awaited.by === 'session') return refuse(visit, 'access_denied')
  await rememberPassword(visit, null, deps)
  return showNext(visit)
}
