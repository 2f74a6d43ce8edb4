import type { Stripe } from 'stripe'
import { type Html, html } from '#kit/html'
import { type Card, testCards } from './cards.ts'
import type { Session } from './checkout-session.ts'
import { pageResponse } from './page-layout.ts'
import { amountText, type Locale, texts } from './page-texts.ts'
import type { LineItem } from './store.ts'

export type Fault = 'number' | 'stale' | null

type PayPage = {
  readonly session: Session
  readonly items: readonly LineItem[]
  readonly intent: Stripe.PaymentIntent | null
  readonly locale: Locale
  readonly token: string
  readonly fault: Fault
}

const amountOf = ({ amount_total, currency }: Session, locale: Locale) =>
  amountText(amount_total ?? 0, currency ?? 'eur', locale)

/** What went wrong with the last try; null when nothing did. */
function faultText({ fault, intent, locale }: PayPage): string | null {
  const text = texts[locale]
  if (fault === 'number') return text.wrongNumber
  if (fault === 'stale') return text.stale
  const error = intent?.last_payment_error
  if (!error) return null
  return text.declines[error.decline_code ?? error.code ?? ''] ?? text.declined
}

const itemRow = (item: LineItem, locale: Locale): Html =>
  html`<li><span>${item.description}${(item.quantity ?? 1) > 1 ? ` × ${item.quantity}` : ''}</span> <span class="sum">${amountText(item.amount_total, item.currency, locale)}</span></li>`

const back = (session: Session, label: string) =>
  session.cancel_url ? html`<a class="back" href="${session.cancel_url}">${label}</a>` : null

function summary({ session, items, locale }: PayPage): Html {
  const text = texts[locale]
  const email = session.customer_email
  return html`<section class="summary" aria-labelledby="to-pay">
${back(session, text.cancel)}
<h1 id="to-pay"><span class="label">${text.toPay}</span> <span class="amount">${amountOf(session, locale)}</span></h1>
<ul class="items">${items.map((item) => itemRow(item, locale))}</ul>
${email && html`<p class="receipt">${text.paidBy} ${email}</p>`}
</section>`
}

const grouped = (number: string) => number.replace(/(\d{4})(?=\d)/g, '$1 ')

/** The documented cases, in the order in which somebody tries them. */
const offered = ['4242', '3155', '0002', '9995'].flatMap(
  (end) => testCards.find(({ number }) => number.endsWith(end)) ?? [],
)

const cardButton = ({ number }: Card, locale: Locale): Html =>
  html`<li><button class="card" name="card" value="${number}"><span class="digits">${grouped(number)}</span> <span class="case">${texts[locale].cardTexts[number.slice(-4)] ?? ''}</span></button></li>`

/** Where somebody pays an open session. */
export function payPage(page: PayPage): Response {
  const { session, locale, token } = page
  const text = texts[locale]
  const problem = faultText(page)
  const action = `/c/pay/${session.id}`
  const hidden = html`<input type="hidden" name="token" value="${token}">`
  const invalid = page.fault === 'number'
  const body = html`${summary(page)}
<section class="paying" aria-labelledby="cards">
${problem && html`<p class="alert" role="alert" id="fault">${problem}</p>`}
<h2 id="cards">${text.cards}</h2>
<p class="lead">${text.cardsLead}</p>
<form method="post" action="${action}">${hidden}<ul class="cards">${offered.map((card) => cardButton(card, locale))}</ul></form>
<form method="post" action="${action}">${hidden}
<h2>${text.byHand}</h2>
<label for="number">${text.number}</label>
<input id="number" name="card" inputmode="numeric" autocomplete="off" maxlength="30" required aria-invalid="${String(invalid)}" aria-describedby="${invalid ? 'fault hint' : 'hint'}">
<p class="hint" id="hint">${text.numberHint}</p>
<button class="pay" type="submit">${text.pay(amountOf(session, locale))}</button>
</form>
</section>`
  const title = problem ? `${text.error} ${text.title}` : text.title
  return pageResponse({
    ...{ locale, title, body },
    leadsTo: [session.success_url, session.cancel_url],
  })
}

type Notice = {
  readonly locale: Locale
  readonly kind: 'expired' | 'paid' | 'missing'
  readonly session: Session | null
}

const noticeStatus = { expired: 410, paid: 200, missing: 404 } as const

/** There is nothing to pay here (any more). */
export function noticePage({ locale, kind, session }: Notice): Response {
  const text = texts[locale]
  const href = kind === 'paid' ? session?.success_url : session?.cancel_url
  const title = text[`${kind}Title`]
  const label = kind === 'paid' ? text.onward : text.back
  const body = html`<section class="notice"><h1>${title}</h1>
<p class="lead">${text[kind]}</p>
${href ? html`<a class="pay" href="${href.replace('{CHECKOUT_SESSION_ID}', session?.id ?? '')}">${label}</a>` : null}
</section>`
  return pageResponse({ locale, title, body, status: noticeStatus[kind] })
}

type AuthenticatePage = {
  readonly intent: Stripe.PaymentIntent
  readonly session: Session | null
  readonly locale: Locale
  readonly token: string
}

/** What a payer's bank would show. */
export function authenticatePage({ intent, session, locale, token }: AuthenticatePage): Response {
  const text = texts[locale]
  const amount = amountText(intent.amount, intent.currency, locale)
  const body = html`<section class="notice"><h1>${text.authTitle}</h1>
<p class="lead">${text.auth(amount)}</p>
<form method="post" action="/c/authenticate/${intent.id}">
<input type="hidden" name="token" value="${token}">
<button class="pay" name="result" value="yes">${text.authYes}</button>
<button class="quiet" name="result" value="no">${text.authNo}</button>
</form></section>`
  const returnUrl = intent.next_action?.redirect_to_url?.return_url ?? null
  return pageResponse({
    ...{ locale, title: text.authTitle, body },
    leadsTo: [session?.success_url ?? null, session?.cancel_url ?? null, returnUrl],
  })
}
