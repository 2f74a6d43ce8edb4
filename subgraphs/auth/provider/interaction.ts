import type { Context, Middleware, Provider } from 'oidc-provider'
import { showFirstStep, showLimit, submitFirstPasskey, submitPassword } from './first-step.ts'
import { formFrom, isOwnForm } from './forms.ts'
import { heldIn, showHeld, submitHeld } from './renewal-step.ts'
import { showError, showExpired } from './replies.ts'
import { cancel, showSecondStep, submitCode, submitPasskey } from './second-step.ts'
import { type Awaited, awaitedOf } from './step.ts'
import type { Deps, Visit } from './visit.ts'

const path = /^\/interaction\/([\w-]{1,64})$/

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

async function show(visit: Visit, deps: Deps) {
  const held = await heldIn(visit, deps)
  if (held) return showHeld(visit, deps, held)
  const awaited = await awaitedOf(visit, deps)
  return awaited ? showSecondStep(visit, deps, { awaited }) : showFirstStep(visit, deps)
}

type Filled = { readonly form: URLSearchParams; readonly awaited: Awaited | null }

/** The form says by its fields what it answers; one that came too late gets the page that is next. */
async function decide(visit: Visit, deps: Deps, { form, awaited }: Filled) {
  const { secondFactor } = deps
  const [code, response] = [form.get('code'), form.get('passkey')]
  if (form.has('email')) return submitPassword(visit, deps, form)
  if (response !== null && secondFactor) {
    return awaited
      ? submitPasskey(visit, deps, { awaited, secondFactor, response })
      : submitFirstPasskey(visit, deps, { secondFactor, response })
  }
  if (!awaited || !secondFactor) return showFirstStep(visit, deps)
  if (form.has('cancel')) return cancel(visit, deps, awaited)
  if (code === null) return showSecondStep(visit, deps, { awaited })
  return submitCode(visit, deps, { awaited, secondFactor, code })
}

async function submit(visit: Visit, deps: Deps) {
  const { ctx } = visit
  if (!isOwnForm(ctx, deps.issuer)) return showError(ctx, { code: 'cross_site', status: 403 }, deps)
  const form = await formFrom(ctx)
  if (!form) return showError(ctx, { code: 'invalid_form', status: 400 }, deps)
  if (await showLimit(visit, deps, form)) return
  const held = await heldIn(visit, deps)
  if (held && !form.has('email')) return submitHeld(visit, deps, { held, form })
  return decide(visit, deps, { form, awaited: await awaitedOf(visit, deps) })
}

const methods: Record<string, (visit: Visit, deps: Deps) => Promise<void>> = {
  GET: show,
  POST: submit,
}

/** The sign-in pages: shown on GET, decided on POST. Everything else goes on to the provider. */
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
