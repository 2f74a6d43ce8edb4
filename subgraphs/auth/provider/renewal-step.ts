import { standingOf } from '../credential/standing.ts'
import { insertRequest } from '../request/queries.ts'
import { waitFor } from '../request/rate.ts'
import { factorsOf } from '../security/queries.ts'
import { qrSvgOf } from '../totp/qr.ts'
import { otpauthUrlOf } from '../totp/rules.ts'
import { finish, type Login } from './finish.ts'
import { accountOf, newSealedSecret, openedSecret, renewApp, renewPassword } from './renewal.ts'
import { newAppPage, newPasswordPage, unverifiedPage } from './renewal-pages.ts'
import { renewalTexts } from './renewal-texts.ts'
import { reply } from './replies.ts'
import { stands } from './step.ts'
import { type Deps, linksOf, showNext, type Visit } from './visit.ts'

const patienceMs = 20 * 60_000

/** Somebody who proved who they are, and who is let in when one more thing is done. */
export type Held = {
  readonly login: Login
  readonly at: number
  readonly until: 'verified' | 'renewed'
  /** A new secret for the app, sealed, until a code of it is shown; null when there is none to renew. */
  readonly sealedSecret: string | null
}

const isHeld = (value: unknown): value is Held =>
  typeof value === 'object' && value !== null && 'login' in value && 'until' in value

/**
 * Who is held up in this sign-in; null for nobody, for who took too long, and for whom the owner
 * shut out meanwhile by another password.
 */
export async function heldIn({ interaction }: Visit, deps: Deps): Promise<Held | null> {
  const held = interaction.result?.held
  if (!isHeld(held) || held.at < deps.now().getTime() - patienceMs) return null
  const account = await accountOf(deps, held.login.accountId)
  return account && stands({ shownAt: held.at }, account) ? held : null
}

async function hold({ ctx, provider }: Visit, held: Held) {
  const options = { mergeWithLastSubmission: false }
  await provider.interactionResult(ctx.req, ctx.res, { held }, options)
}

/** Lets somebody in who has shown all that is asked for, unless the address or the password's age is in the way. */
export async function complete(visit: Visit, deps: Deps, login: Login) {
  const { accounts, secondFactor, now, db } = deps
  const account = accounts ? await accountOf(deps, login.accountId) : null
  if (!accounts || !account) return finish(visit, login)
  const at = now()
  const standing = standingOf(account, { maxAgeDays: accounts.maxAgeDays, at })
  if (standing === 'open') return finish(visit, login)
  const held = { login, at: at.getTime(), sealedSecret: null }
  if (standing === 'unverified') {
    await hold(visit, { ...held, until: 'verified' })
    return showNext(visit)
  }
  const { totp } = await db.read((sql) => factorsOf(sql, account.id))
  const sealedSecret = totp && secondFactor ? newSealedSecret(secondFactor, account.id) : null
  await hold(visit, { ...held, until: 'renewed', sealedSecret })
  return showNext(visit)
}

type Shown = { readonly status: number; readonly fault: string | null }
const plain: Shown = { status: 200, fault: null }

async function showNewApp(visit: Visit, deps: Deps, { held, shown }: { held: Held; shown: Shown }) {
  const { secondFactor } = deps
  const account = await accountOf(deps, held.login.accountId)
  if (!secondFactor || !account || held.sealedSecret === null) return
  const secret = openedSecret(secondFactor, account.id, held.sealedSecret)
  const qrSvg = await qrSvgOf(otpauthUrlOf({ secret, email: account.email }))
  const page = newAppPage({ ...linksOf(visit), secret, qrSvg, fault: shown.fault })
  reply(visit.ctx, deps, { status: shown.status, page })
}

/** The page of what is still missing: the app first, so that whoever leaves in between begins again. */
export async function showHeld(visit: Visit, deps: Deps, held: Held, shown: Shown = plain) {
  const links = linksOf(visit)
  if (held.until === 'verified') {
    return reply(visit.ctx, deps, {
      status: 200,
      page: unverifiedPage({ ...links, isResent: false }),
    })
  }
  if (held.sealedSecret !== null) return showNewApp(visit, deps, { held, shown })
  const page = newPasswordPage({ ...links, fault: shown.fault })
  return reply(visit.ctx, deps, { status: shown.status, page })
}

async function resend(visit: Visit, deps: Deps, { login }: Held) {
  const { accounts, db, now } = deps
  const at = now()
  const account = await accountOf(deps, login.accountId)
  if (accounts && account) {
    const { email } = account
    await db.write(async (sql) => {
      if ((await waitFor(sql, { what: 'verify', email, at })) > 0) return
      await insertRequest(sql, { kind: 'VERIFY_EMAIL', email }, at)
    })
    accounts.requests.ring()
  }
  const page = unverifiedPage({ ...linksOf(visit), isResent: true })
  reply(visit.ctx, deps, { status: 200, page })
}

type Given = { readonly held: Held; readonly text: string }

async function submitNewCode(visit: Visit, deps: Deps, { held, text }: Given) {
  const { secondFactor } = deps
  const { sealedSecret: sealed, login } = held
  if (!secondFactor || sealed === null) return showNext(visit)
  const given = { personId: login.accountId, sealed, code: text }
  if (await renewApp(deps, secondFactor, given)) {
    await hold(visit, { ...held, sealedSecret: null })
    return showNext(visit)
  }
  deps.rate.fail(visit.ctx.ip)
  const { wrongCode } = renewalTexts[linksOf(visit).locale]
  return showHeld(visit, deps, held, { status: 422, fault: wrongCode })
}

async function submitNewPassword(visit: Visit, deps: Deps, { held, text }: Given) {
  const { accounts } = deps
  const account = await accountOf(deps, held.login.accountId)
  if (!accounts || !account || held.sealedSecret !== null) return showNext(visit)
  // The password that it is about to replace has to be the one that was shown.
  if (!stands({ shownAt: held.at }, account)) return showNext(visit)
  const problems = await renewPassword(deps, accounts, { account, password: text })
  if (problems === null) return showNext(visit)
  if (problems.length === 0) return finish(visit, held.login)
  const say = renewalTexts[linksOf(visit).locale].problems
  const fault = problems.map((problem) => say[problem]).join(' ')
  return showHeld(visit, deps, held, { status: 422, fault })
}

/** The form says by its field what it answers; another one gets the page that is next. */
export async function submitHeld(
  visit: Visit,
  deps: Deps,
  { held, form }: { readonly held: Held; readonly form: URLSearchParams },
) {
  const [code, password] = [form.get('new-code'), form.get('next-password')]
  if (held.until === 'verified') {
    return form.has('resend') ? resend(visit, deps, held) : showNext(visit)
  }
  if (code !== null) return submitNewCode(visit, deps, { held, text: code })
  if (password !== null) return submitNewPassword(visit, deps, { held, text: password })
  return showNext(visit)
}
