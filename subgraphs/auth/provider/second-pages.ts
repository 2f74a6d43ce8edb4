import { type Html, html, trusted } from '#kit/html'
import type { Locale } from '../account/rules.ts'
import { type Fault, type Links, pageOf } from './layout.ts'
import { secondTexts } from './second-texts.ts'
import { texts } from './texts.ts'

/** Which code is asked for: of the app, or one that was noted for when there is no app at hand. */
export type CodeKind = 'app' | 'recovery'

export type SecondFactorPage = Links & {
  readonly kind: CodeKind
  readonly hasApp: boolean
  /** What `navigator.credentials.get` needs, as JSON; null for somebody without a passkey. */
  readonly passkeyOptions: string | null
  readonly otherKindHref: string
  readonly fault: Fault | null
}

export const passkeyFaultOf = (locale: Locale): Html =>
  html`<p class="alert" role="alert" id="passkey-fault" hidden>${secondTexts[locale].passkeyFault}</p>`

type PasskeyForm = Pick<Links, 'action'> & { options: string; label: string; isQuiet: boolean }

/** The page's script shows it where the browser knows passkeys; without script it is not there. */
export const passkeyForm = ({ action, options, label, isQuiet }: PasskeyForm): Html =>
  html`<form id="passkey" method="post" action="${action}" data-options="${options}" hidden>
<input type="hidden" name="passkey">
<button type="button"${trusted(isQuiet ? ' class="quiet"' : '')}>${label}</button>
</form>`

function codeForm({ locale, action, kind, fault }: SecondFactorPage): Html {
  const text = secondTexts[locale]
  const invalid = trusted(fault ? ' aria-invalid="true" aria-describedby="fault"' : '')
  const keyboard = trusted(
    kind === 'app'
      ? ' inputmode="numeric" autocomplete="one-time-code" maxlength="12"'
      : ' autocomplete="off" autocapitalize="characters" maxlength="32"',
  )
  return html`<form method="post" action="${action}">
<label for="code">${kind === 'app' ? text.code : text.recovery}</label>
<input id="code" name="code" type="text" spellcheck="false" required autofocus${keyboard}${invalid}>
<button type="submit">${text.confirm}</button>
</form>`
}

const cancelForm = ({ action }: Pick<Links, 'action'>, label: string, isQuiet: boolean): Html =>
  html`<form method="post" action="${action}">
<button type="submit" name="cancel" value="yes"${trusted(isQuiet ? ' class="quiet"' : '')}>${label}</button>
</form>`

const faultMessage = (locale: Locale, fault: Fault) =>
  fault.kind === 'wrong' ? secondTexts[locale].wrong : secondTexts[locale].locked(fault.minutes)

const alert = (message: string): Html =>
  html`<p class="alert" role="alert" id="fault">${message}</p>`

/** The app's code, or a recovery code for whoever asked to type one. */
const asksForCode = ({ hasApp, kind }: SecondFactorPage) => hasApp || kind === 'recovery'

function leadOf(page: SecondFactorPage): string {
  const text = secondTexts[page.locale]
  if (page.kind === 'recovery') return text.recoveryLead
  return page.hasApp ? text.codeLead : text.passkeyLead
}

const otherWay = ({ locale, kind, otherKindHref }: SecondFactorPage): Html =>
  html`<p class="other"><a href="${otherKindHref}">${
    secondTexts[locale][kind === 'app' ? 'toRecovery' : 'toApp']
  }</a></p>`

const backToApp = (page: SecondFactorPage) =>
  page.kind === 'app' || page.hasApp || page.passkeyOptions !== null

function passkeyPart(page: SecondFactorPage): Html | null {
  const { locale, action, passkeyOptions: options } = page
  if (options === null || page.kind === 'recovery') return null
  const text = secondTexts[locale]
  const isQuiet = page.hasApp
  return html`${passkeyFaultOf(locale)}
${isQuiet ? null : html`<noscript><p class="lead">${text.withoutScript}</p></noscript>`}
${passkeyForm({ action, options, label: text.usePasskey, isQuiet })}`
}

/** Asks somebody whose password is known for the second factor. */
export function secondFactorPage(page: SecondFactorPage): string {
  const { locale, fault, languageHref } = page
  const text = secondTexts[locale]
  const script = page.passkeyOptions !== null && page.kind === 'app' ? 'passkey' : null
  return pageOf({
    locale,
    languageHref,
    script,
    title: fault ? `${texts[locale].error} ${text.title}` : text.title,
    body: html`<h1>${text.heading}</h1>
<p class="lead">${leadOf(page)}</p>
${fault && alert(faultMessage(locale, fault))}
${asksForCode(page) ? codeForm(page) : null}
${passkeyPart(page)}
${backToApp(page) ? otherWay(page) : null}
${cancelForm(page, text.cancel, true)}`,
  })
}

/** For somebody who has no second factor where one is asked for: how to get one, and the way back. */
export function missingFactorPage({ locale, action, languageHref }: Links): string {
  const text = secondTexts[locale]
  return pageOf({
    locale,
    languageHref,
    title: text.missingTitle,
    body: html`<h1>${text.missingTitle}</h1>
<p class="lead">${text.missing}</p>
<p class="lead">${text.missingHow}</p>
${cancelForm({ action }, text.back, false)}`,
  })
}
