import { accountById } from '../account/queries.ts'
import { type SignIn, signIn } from '../account/sign-in.ts'
import { hasSecondFactor } from '../security/queries.ts'
import type { SecondFactor } from '../security/second-factor.ts'
import { finish } from './finish.ts'
import type { Fault } from './layout.ts'
import { signInPage } from './pages.ts'
import { passkeyHolder, passkeyOptions } from './passkey-step.ts'
import { complete } from './renewal-step.ts'
import { reply } from './replies.ts'
import { rememberPassword, wantsLevel2 } from './step.ts'
import { type Deps, linksOf, lockedFor, showNext, type Visit } from './visit.ts'

type Shown = { readonly status?: number; readonly email?: string; readonly fault?: Fault }

/** E-mail and password, or a passkey. */
export async function showFirstStep(visit: Visit, deps: Deps, shown: Shown = {}) {
  const { params } = visit.interaction
  const options = await passkeyOptions(visit, deps, null)
  const page = signInPage({
    ...linksOf(visit),
    email: shown.email ?? params.login_hint ?? '',
    fault: shown.fault ?? null,
    passkeyOptions: options,
  })
  reply(visit.ctx, deps, {
    status: shown.status ?? 200,
    page,
    script: options ? 'passkey' : null,
  })
}

const showLocked = (
  visit: Visit,
  deps: Deps,
  { email, waitMs }: { email: string; waitMs: number },
) => showFirstStep(visit, deps, { status: 429, email, fault: lockedFor(visit, waitMs) })

/** One factor is enough unless the person has a second one, or the application asks for it. */
async function afterPassword(visit: Visit, deps: Deps, accountId: string) {
  const { db, secondFactor } = deps
  const asks =
    secondFactor &&
    (wantsLevel2(visit) || (await db.read((sql) => hasSecondFactor(sql, accountId))))
  if (!asks) return complete(visit, deps, { accountId, acr: '1', amr: ['pwd'] })
  await rememberPassword(visit, accountId, deps)
  return showNext(visit)
}

async function conclude(visit: Visit, deps: Deps, given: { email: string; outcome: SignIn }) {
  const { email, outcome } = given
  deps.seen?.(outcome.outcome)
  if (outcome.outcome === 'signed-in') return afterPassword(visit, deps, outcome.account.id)
  deps.rate.fail(visit.ctx.ip)
  if (outcome.outcome === 'refused') {
    return showFirstStep(visit, deps, { status: 422, email, fault: { kind: 'wrong' } })
  }
  deps.log.warn('An e-mail address is locked after failed sign-ins')
  return showLocked(visit, deps, { email, waitMs: outcome.until.getTime() - deps.now().getTime() })
}

/** Shows the lock of a network with too many failures, and says whether it did. */
export async function showLimit(visit: Visit, deps: Deps, form: URLSearchParams): Promise<boolean> {
  const waitMs = deps.rate.waitMs(visit.ctx.ip)
  if (waitMs <= 0) return false
  deps.seen?.('limited')
  await showLocked(visit, deps, { email: form.get('email') ?? '', waitMs })
  return true
}

export async function submitPassword(visit: Visit, deps: Deps, form: URLSearchParams) {
  const email = form.get('email') ?? ''
  const outcome = await signIn(deps, { email, password: form.get('password') ?? '' })
  return conclude(visit, deps, { email, outcome })
}

/** A passkey that looked who holds it is two factors by itself. */
export async function submitFirstPasskey(
  visit: Visit,
  deps: Deps,
  answer: { readonly secondFactor: SecondFactor; readonly response: string },
) {
  const accountId = await passkeyHolder(visit, deps, answer)
  const account = accountId ? await deps.db.read((sql) => accountById(sql, accountId)) : null
  if (!account || account.disabledAt) {
    deps.seen?.('refused')
    deps.rate.fail(visit.ctx.ip)
    return showFirstStep(visit, deps, { status: 422, fault: { kind: 'wrong' } })
  }
  deps.seen?.('signed-in')
  return finish(visit, { accountId: account.id, acr: '2', amr: ['hwk', 'user', 'mfa'] })
}
