import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Stripe } from 'stripe'
import { cardFrom } from './cards.ts'
import type { Session } from './checkout-session.ts'
import { type Locale, localeFor } from './page-texts.ts'
import { authenticatePage, type Fault, noticePage, payPage } from './page-views.ts'
import { authenticate, paySession } from './payment.ts'
import type { World } from './world.ts'

type Deps = { readonly world: World; readonly secretKey: string }
type Visit = Deps & { readonly request: Request; readonly id: string }

/** Only a page that we have served knows it: a form of somebody else's page cannot pay. */
const tokenOf = ({ secretKey, id }: Visit) =>
  createHmac('sha256', secretKey).update(`page ${id}`).digest('base64url')

function isFromOurPage(visit: Visit, form: FormData): boolean {
  const given = Buffer.from(String(form.get('token') ?? ''))
  const known = Buffer.from(tokenOf(visit))
  const origin = visit.request.headers.get('origin')
  const isSameOrigin = origin === null || origin === new URL(visit.request.url).origin
  return isSameOrigin && given.length === known.length && timingSafeEqual(given, known)
}

/** Nothing in it for what is no form. */
const formOf = (request: Request): Promise<FormData> =>
  request.formData().catch(() => new FormData())

const seeOther = (location: string) =>
  new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } })

const successUrlOf = (session: Session) =>
  (session.success_url ?? '/').replace('{CHECKOUT_SESSION_ID}', session.id)

const localeOf = (session: Session | null, { request }: Visit): Locale =>
  localeFor(session?.locale ?? null, request.headers.get('accept-language'))

/** Null when the session is open to be paid. */
function overPage(session: Session | null, visit: Visit): Response | null {
  const locale = localeOf(session, visit)
  if (!session) return noticePage({ locale, kind: 'missing', session })
  if (session.status === 'open') return null
  return noticePage({ locale, session, kind: session.status === 'complete' ? 'paid' : 'expired' })
}

const intentIn = ({ store }: World, session: Session) =>
  typeof session.payment_intent === 'string'
    ? store.find('payment_intent', session.payment_intent)
    : null

const faults: Readonly<Record<string, Fault>> = { number: 'number', stale: 'stale' }

function showPay(visit: Visit): Response {
  const { world, request, id } = visit
  const session = world.store.find('checkout.session', id)
  const over = overPage(session, visit)
  if (over || !session) return over ?? new Response(null, { status: 404 })
  return payPage({
    session,
    items: world.store.detailOf(id)?.items ?? [],
    intent: intentIn(world, session),
    locale: localeOf(session, visit),
    token: tokenOf(visit),
    fault: faults[new URL(request.url).searchParams.get('fault') ?? ''] ?? null,
  })
}

async function pay(visit: Visit): Promise<Response> {
  const { world, request, id } = visit
  const form = await formOf(request)
  // Whoever comes second finds what the first has done: everything below is one step.
  const session = world.store.find('checkout.session', id)
  if (session?.status === 'complete') return seeOther(successUrlOf(session))
  const over = overPage(session, visit)
  if (over || !session) return over ?? new Response(null, { status: 404 })
  if (!isFromOurPage(visit, form)) return seeOther(`/c/pay/${id}?fault=stale`)
  const card = cardFrom(String(form.get('card') ?? ''))
  if (!card) return seeOther(`/c/pay/${id}?fault=number`)
  const intent = world.store.atomically(() => paySession(world, session, card))
  if (intent.status === 'succeeded') return seeOther(successUrlOf(session))
  if (intent.status === 'requires_action') return seeOther(`/c/authenticate/${intent.id}`)
  return seeOther(`/c/pay/${id}`)
}

function sessionOf({ store }: World, intent: Stripe.PaymentIntent): Session | null {
  const [session] = store.all('checkout.session', { payment_intent: intent.id })
  return session ?? null
}

function showAuthenticate(visit: Visit): Response {
  const { world, id } = visit
  const intent = world.store.find('payment_intent', id)
  const session = intent && sessionOf(world, intent)
  if (intent?.status !== 'requires_action') {
    const over = overPage(session, visit)
    return over ?? seeOther(`/c/pay/${session?.id}`)
  }
  return authenticatePage({
    ...{ intent, session },
    locale: localeOf(session, visit),
    token: tokenOf(visit),
  })
}

async function answerBank(visit: Visit): Promise<Response> {
  const { world, request, id } = visit
  const form = await formOf(request)
  const intent = world.store.find('payment_intent', id)
  const session = intent && sessionOf(world, intent)
  if (intent?.status !== 'requires_action') return showAuthenticate(visit)
  if (!isFromOurPage(visit, form)) return seeOther(`/c/authenticate/${id}`)
  const isProven = form.get('result') === 'yes'
  world.store.atomically(() => authenticate(world, intent, isProven))
  if (!session) return seeOther(intent.next_action?.redirect_to_url?.return_url ?? '/')
  return seeOther(isProven ? successUrlOf(session) : `/c/pay/${session.id}`)
}

const pages: readonly [RegExp, Record<string, (visit: Visit) => Response | Promise<Response>>][] = [
  [/^\/c\/pay\/(cs_\w{1,100})$/, { GET: showPay, POST: pay }],
  [/^\/c\/authenticate\/(pi_\w{1,100})$/, { GET: showAuthenticate, POST: answerBank }],
]

/** The hosted pages, for browsers. */
export async function answerPage(request: Request, deps: Deps): Promise<Response> {
  const { pathname } = new URL(request.url)
  for (const [pattern, methods] of pages) {
    const [found, id = ''] = pattern.exec(pathname) ?? []
    if (!found) continue
    const answer = methods[request.method === 'HEAD' ? 'GET' : request.method]
    return answer ? answer({ ...deps, request, id }) : new Response(null, { status: 405 })
  }
  const nobody: Visit = { ...deps, request, id: '' }
  return noticePage({ locale: localeOf(null, nobody), kind: 'missing', session: null })
}
