/** When the last silent sign-in of this tab was tried: the provider may not know the person either. */
const mark = 'plexus.silent'
const againAfterMs = 60_000

/** False when it has just been tried or failed, and on a page that nobody looks at. */
export function canSignInSilently(): boolean {
  if (new URLSearchParams(location.search).has('signin')) return false
  const triedAt = Number(sessionStorage.getItem(mark) ?? 0)
  return Date.now() - triedAt > againAfterMs && document.visibilityState === 'visible'
}

/** Leaves for the provider, which answers without a page when it knows the person; never comes back. */
export function signInSilently(): Promise<never> {
  sessionStorage.setItem(mark, String(Date.now()))
  const here = encodeURIComponent(location.pathname + location.search)
  location.replace(`/auth/login?silent=1&returnTo=${here}`)
  return new Promise(() => {})
}

/** Somebody has just ended their sessions: they are not signed in again behind their back. */
export const leaveSignedOut = (): void => sessionStorage.setItem(mark, String(Date.now()))
