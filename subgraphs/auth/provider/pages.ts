import { type Html, html, trusted } from '#kit/html'
import type { Locale } from '../account/rules.ts'
import { type Fault, type Links, type Page, pageOf } from './layout.ts'
import { passkeyFaultOf, passkeyForm } from './second-pages.ts'
import { secondTexts } from './second-texts.ts'
import { texts } from './texts.ts'

export type SignInPage = Links & {
  /** Shown again after a failure, so that nobody types it twice. */
  email: string
  fault: Fault | null
  /** What `navigator.credentials.get` needs, as JSON; null where there are no passkeys. */
  passkeyOptions: string | null
}

const faultMessage = (locale: Locale, fault: Fault) =>
  fault.kind === 'wrong' ? texts[locale].wrong : texts[locale].locked(fault.minutes)

const alert = (message: string): Html =>
  html`<p class="alert" role="alert" id="fault">${message}</p>`

function signInForm({ locale, action, email, fault }: SignInPage): Html {
  const text = texts[locale]
  const invalid = trusted(fault ? ' aria-invalid="true" aria-describedby="fault"' : '')
  const [focusEmail, focusPassword] = email ? ['', ' autofocus'] : [' autofocus', '']
  return html`<form method="post" action="${action}">
<label for="email">${text.email}</label>
<input id="email" name="email" type="email" value="${email}" autocomplete="username" autocapitalize="none" spellcheck="false" inputmode="email" maxlength="254" required${invalid}${trusted(focusEmail)}>
<label for="password">${text.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="256" required${invalid}${trusted(focusPassword)}>
<button type="submit">${text.submit}</button>
</form>`
}

function passkeyPart({ locale, action, passkeyOptions: options }: SignInPage): Html | null {
  if (options === null) return null
  const label = secondTexts[locale].signInWithPasskey
  return html`${passkeyFaultOf(locale)}
${passkeyForm({ action, options, label, isQuiet: true })}`
}

export function signInPage(page: SignInPage): string {
  const { locale, fault, languageHref } = page
  const text = texts[locale]
  return pageOf({
    locale,
    languageHref,
    script: page.passkeyOptions === null ? null : 'passkey',
    title: fault ? `${text.error} ${text.title}` : text.title,
    body: html`<h1>${text.heading}</h1>
<p class="lead">${text.lead}</p>
${fault && alert(faultMessage(locale, fault))}
${signInForm(page)}
${passkeyPart(page)}
<p class="trust">${text.trust}</p>`,
  })
}

type Notice = Pick<Page, 'locale'> & { applicationUrl: string }

const applicationLink = ({ locale, applicationUrl }: Notice) =>
  html`<a class="button" href="${applicationUrl}">${texts[locale].toApplication}</a>`

/** The interaction is gone: expired, or finished in another tab. */
export const expiredPage = (notice: Notice): string =>
  pageOf({
    locale: notice.locale,
    title: texts[notice.locale].expiredTitle,
    body: html`<h1>${texts[notice.locale].expiredTitle}</h1>
<p class="lead">${texts[notice.locale].expired}</p>
${applicationLink(notice)}`,
  })

/** `detail` is the code of the OAuth error: it helps whoever set the application up. */
export function failedPage(
  notice: Notice & { kind: 'failed' | 'unavailable'; detail: string },
): string {
  const text = texts[notice.locale]
  const title = notice.kind === 'failed' ? text.failedTitle : text.unavailableTitle
  return pageOf({
    locale: notice.locale,
    title,
    body: html`<h1>${title}</h1>
<p class="lead">${text[notice.kind]}</p>
${applicationLink(notice)}
<p class="trust">${text.reference} <code>${notice.detail}</code></p>`,
  })
}

const signOutButton = (locale: Locale) =>
  html`<button type="submit" form="op.logoutForm" name="logout" value="yes">${texts[locale].signOut}</button>`

type SignOut = { locale: Locale; form: string }

/** The application proved whose session it ends, so nobody has to say yes again. */
export function signingOutPage({ locale, form }: SignOut): string {
  const text = texts[locale]
  const confirmed = form.replace(
    '</form>',
    '<input type="hidden" name="logout" value="yes"></form>',
  )
  return pageOf({
    locale,
    script: 'submit',
    title: text.signingOutTitle,
    body: html`<h1>${text.signingOutTitle}</h1>
<p class="lead">${text.signingOut}</p>
${trusted(confirmed)}
<button type="submit" form="op.logoutForm">${text.signOut}</button>`,
  })
}

/** Anybody can send a browser here, so it asks. */
export function signOutPage({ locale, form }: SignOut): string {
  const text = texts[locale]
  return pageOf({
    locale,
    title: text.signOutTitle,
    body: html`<h1>${text.signOutTitle}</h1>
<p class="lead">${text.signOutQuestion}</p>
${trusted(form)}
${signOutButton(locale)}
<button class="quiet" type="submit" form="op.logoutForm">${text.stay}</button>`,
  })
}

export const signedOutPage = (notice: Notice): string =>
  pageOf({
    locale: notice.locale,
    title: texts[notice.locale].signedOutTitle,
    body: html`<h1>${texts[notice.locale].signedOutTitle}</h1>
<p class="lead">${texts[notice.locale].signedOut}</p>
${applicationLink(notice)}`,
  })
