import type * as Library from 'oidc-provider'
import type { Context } from 'oidc-provider'

/**
 * A level that was proven within this time is not asked for again: two tabs may step up at once. An
 * application that asks later wants it proven anew.
 */
const freshSeconds = 60

/** Levels are told in `acr_values`, the one that is liked best first; 1 would do where it stands too. */
const wantsSecondFactor = (acrValues = '') => {
  const wanted = acrValues.split(' ')
  return wanted.includes('2') && !wanted.includes('1')
}

function isBelow({ oidc: { params, session, result } }: Context): boolean {
  // What the pages made of it goes out as it is: whoever has no second factor gets level 1, and it is
  // for the application to refuse that.
  if (result?.login || !wantsSecondFactor(params?.acr_values)) return false
  return Number(session?.acr ?? 0) < 2 || (session?.past(freshSeconds) ?? true)
}

/**
 * Makes `acr_values=2` ask for a second factor: the interaction is a `login` with the reason
 * `acr_values`, alone where the person is signed in. Source: RFC 9470, OIDC Core 3.1.2.1.
 */
export const levelCheck = ({ Check }: typeof Library.interactionPolicy): Library.Check =>
  new Check('acr_values', 'a second factor is needed', isBelow, () => ({ acr: '2' }))
