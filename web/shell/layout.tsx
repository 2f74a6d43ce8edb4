import { Outlet, useLocation, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef } from 'react'
import { useText } from '../i18n/text.ts'
import { useSession } from '../session/session.tsx'
import { Footer } from './footer.tsx'
import { Header } from './header.tsx'

const SignInNotice = lazy(async () => ({
  default: (await import('./signin-notice.tsx')).SignInNotice,
}))

const ImpersonationBanner = lazy(async () => ({
  default: (await import('./impersonation/banner.tsx')).ImpersonationBanner,
}))

/** After a change of page, reading and Tab go on from the new content. */
function useFocusOnNavigation() {
  const { pathname } = useLocation()
  const main = useRef<HTMLElement>(null)
  const seen = useRef(pathname)
  useEffect(() => {
    if (seen.current === pathname) return
    seen.current = pathname
    main.current?.focus({ preventScroll: true })
  }, [pathname])
  return main
}

export function Layout() {
  const { t } = useText()
  const main = useFocusOnNavigation()
  const { pathname } = useLocation()
  const { signin, reason = '' } = useSearch({ from: '__root__' })
  const { session } = useSession()
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only z-40 rounded-md bg-accent text-sm font-medium text-on-accent focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:px-4 focus:py-2.5"
      >
        {t('nav.skip')}
      </a>
      <div className="sticky top-0 z-20">
        {session.state === 'signed-in' && session.actor && (
          <Suspense>
            <ImpersonationBanner session={session} actor={session.actor} />
          </Suspense>
        )}
        <Header />
      </div>
      <main id="main" ref={main} tabIndex={-1} className="min-h-[calc(100dvh-4rem)] flex-1">
        {signin === 'failed' && pathname !== '/login' && (
          <Suspense>
            <SignInNotice reason={reason} />
          </Suspense>
        )}
        <Outlet />
      </main>
      <Footer />
    </div>
  )
}
