import { type Html, html, trusted } from '#kit/html'
import { type Links, pageOf } from './layout.ts'
import { renewalTexts } from './renewal-texts.ts'
import { texts } from './texts.ts'

const alert = (message: string): Html =>
  html`<p class="alert" role="alert" id="fault">${message}</p>`

const invalid = (fault: string | null) =>
  trusted(fault ? ' aria-invalid="true" aria-describedby="fault"' : '')

type Faulty = Links & { readonly fault: string | null }

const titled = ({ locale, fault }: Faulty, title: string) =>
  fault ? `${texts[locale].error} ${title}` : title

/** For somebody whose password has expired. */
export function newPasswordPage(page: Faulty): string {
  const { locale, action, languageHref, fault } = page
  const text = renewalTexts[locale]
  return pageOf({
    ...{ locale, languageHref },
    title: titled(page, text.title),
    body: html`<h1>${text.heading}</h1>
<p class="lead">${text.lead}</p>
${fault && alert(fault)}
<form method="post" action="${action}">
<label for="next">${text.next}</label>
<input id="next" name="next-password" type="password" autocomplete="new-password" maxlength="256" required autofocus${invalid(fault)}>
<button type="submit">${text.submit}</button>
</form>`,
  })
}

/** `qrSvg` is our own drawing of the key. */
export function newAppPage(page: Faulty & { readonly secret: string; readonly qrSvg: string }) {
  const { locale, action, languageHref, fault, secret, qrSvg } = page
  const text = renewalTexts[locale]
  return pageOf({
    ...{ locale, languageHref },
    title: titled(page, text.appTitle),
    body: html`<h1>${text.appHeading}</h1>
<p class="lead">${text.appLead}</p>
${fault && alert(fault)}
<p><img src="data:image/svg+xml,${encodeURIComponent(qrSvg)}" alt="" width="220" height="220"></p>
<p class="trust">${text.secret} <code>${secret}</code></p>
<form method="post" action="${action}">
<label for="new-code">${text.code}</label>
<input id="new-code" name="new-code" type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="12" spellcheck="false" required autofocus${invalid(fault)}>
<button type="submit">${text.confirm}</button>
</form>`,
  })
}

/** For somebody who registered and has not opened the letter's link yet. */
export function unverifiedPage({
  locale,
  action,
  languageHref,
  isResent,
}: Links & { isResent: boolean }) {
  const text = renewalTexts[locale]
  return pageOf({
    ...{ locale, languageHref },
    title: text.unverifiedTitle,
    body: html`<h1>${text.unverifiedTitle}</h1>
<p class="lead">${text.unverified}</p>
${isResent ? html`<p class="lead" role="status">${text.resent}</p>` : null}
<form method="post" action="${action}">
<button type="submit" name="resend" value="yes" class="quiet">${text.resend}</button>
</form>`,
  })
}
