import type { Context, Interaction, Provider } from 'oidc-provider'
import type { Turns } from '../account/turns.ts'
import type { Fault, Links } from './layout.ts'
import type { FailureRate } from './rate.ts'
import { chosenLanguage, languageOf } from './replies.ts'
import type { ProviderOptions } from './settings.ts'

export type Deps = ProviderOptions & { rate: FailureRate; turns: Turns }

/** One request to a page of one sign-in. */
export type Visit = { ctx: Context; provider: Provider; interaction: Interaction }

export function linksOf({ ctx, interaction }: Visit): Links {
  const chosen = chosenLanguage(ctx)
  return {
    locale: languageOf(ctx, interaction.params.ui_locales),
    action: chosen ? `${ctx.path}?${new URLSearchParams({ lang: chosen })}` : ctx.path,
    languageHref: (locale) => `${ctx.path}?lang=${locale}`,
  }
}

/** Shows the page that is next, so that a reload sends no form again. */
export function showNext(visit: Visit) {
  visit.ctx.status = 303
  visit.ctx.redirect(linksOf(visit).action)
}

const minuteMs = 60_000

/** What a page says of a lock, and the header that says it to programs. */
export function lockedFor({ ctx }: Visit, waitMs: number): Fault {
  ctx.set('retry-after', String(Math.max(1, Math.ceil(waitMs / 1_000))))
  return { kind: 'locked', minutes: Math.max(1, Math.ceil(waitMs / minuteMs)) }
}
