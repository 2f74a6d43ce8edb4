import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router'
import { Layout } from './shell/layout.tsx'
import { NotFound } from './shell/not-found.tsx'
import { pageCode } from './shell/page-code.ts'
import { PageError } from './shell/page-error.tsx'
import { PagePending } from './shell/page-pending.tsx'

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** Keeps the named search parameters that are there, as text. */
const searchOf =
  <Name extends string>(...names: readonly Name[]) =>
  (search: Record<string, unknown>): { [key in Name]?: string | undefined } => {
    const entries = names.map((name) => [name, text(search[name])] as const)
    // Object.fromEntries forgets the key type that `names` fixes.
    return Object.fromEntries(entries.filter(([, value]) => value)) as {
      [key in Name]?: string | undefined
    }
  }

const root = createRootRoute({
  validateSearch: searchOf('signin', 'reason'),
  component: Layout,
  notFoundComponent: NotFound,
  errorComponent: PageError,
})

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(
    pageCode(() => import('./routes/home/page.tsx')),
    'HomePage',
  ),
})

const coaches = createRoute({
  getParentRoute: () => root,
  path: '/coaches',
  validateSearch: searchOf('search', 'specialty', 'language', 'city'),
  component: lazyRouteComponent(
    pageCode(() => import('./routes/coaches/page.tsx')),
    'CoachesPage',
  ),
})

const coach = createRoute({
  getParentRoute: () => root,
  path: '/coaches/$slug',
  validateSearch: searchOf('service', 'day', 'at', 'zone'),
  component: lazyRouteComponent(
    pageCode(() => import('./routes/coach/page.tsx')),
    'CoachPageView',
  ),
})

const bookings = createRoute({
  getParentRoute: () => root,
  path: '/bookings',
  validateSearch: searchOf('view'),
  component: lazyRouteComponent(
    pageCode(() => import('./routes/bookings/page.tsx')),
    'BookingsPage',
  ),
})

const booking = createRoute({
  getParentRoute: () => root,
  path: '/bookings/$id',
  component: lazyRouteComponent(
    pageCode(() => import('./routes/booking/page.tsx')),
    'BookingPageView',
  ),
})

const result = createRoute({
  getParentRoute: () => root,
  path: '/bookings/$id/result',
  component: lazyRouteComponent(
    pageCode(() => import('./routes/booking/result/page.tsx')),
    'ResultPageView',
  ),
})

const workspace = createRoute({
  getParentRoute: () => root,
  path: '/workspace',
  validateSearch: searchOf('part'),
  component: lazyRouteComponent(
    pageCode(() => import('./routes/workspace/page.tsx')),
    'WorkspacePage',
  ),
})

const accountTexts = () => import('./account/texts.ts')

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: searchOf('returnTo'),
  component: lazyRouteComponent(
    pageCode(() => import('./routes/login/page.tsx'), accountTexts),
    'LoginPage',
  ),
})

const signup = createRoute({
  getParentRoute: () => root,
  path: '/signup',
  component: lazyRouteComponent(
    pageCode(() => import('./routes/signup/page.tsx'), accountTexts),
    'SignUpPage',
  ),
})

const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset',
  component: lazyRouteComponent(
    pageCode(() => import('./routes/reset/page.tsx'), accountTexts),
    'ResetPage',
  ),
})

const verify = createRoute({
  getParentRoute: () => root,
  path: '/verify',
  component: lazyRouteComponent(
    pageCode(() => import('./routes/verify/page.tsx'), accountTexts),
    'VerifyPage',
  ),
})

const dashboard = createRoute({
  getParentRoute: () => root,
  path: '/dashboard',
  component: lazyRouteComponent(
    pageCode(
      () => import('./routes/dashboard/page.tsx'),
      () => import('./routes/dashboard/texts.ts'),
    ),
    'DashboardPage',
  ),
})

const security = createRoute({
  getParentRoute: () => root,
  path: '/security',
  component: lazyRouteComponent(
    pageCode(
      () => import('./routes/security/page.tsx'),
      () => import('./routes/security/texts.ts'),
      accountTexts,
    ),
    'SecurityPage',
  ),
})

const status = createRoute({
  getParentRoute: () => root,
  path: '/status',
  component: lazyRouteComponent(
    pageCode(
      () => import('./routes/status/page.tsx'),
      () => import('./routes/status/texts.ts'),
    ),
    'StatusPage',
  ),
})

const adminCode = pageCode(
  () => import('./routes/admin/page.tsx'),
  () => import('./routes/admin/texts.ts'),
)

const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  component: lazyRouteComponent(adminCode, 'AdminHomePage'),
})

const adminPart = createRoute({
  getParentRoute: () => root,
  path: '/admin/$part',
  validateSearch: searchOf('search', 'status', 'person', 'action', 'from', 'to', 'show'),
  component: lazyRouteComponent(adminCode, 'AdminPartPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    coaches,
    coach,
    bookings,
    booking,
    result,
    workspace,
    login,
    signup,
    reset,
    verify,
    dashboard,
    security,
    status,
    admin,
    adminPart,
  ]),
  defaultPreload: 'intent',
  defaultPendingComponent: PagePending,
  defaultPendingMs: 150,
  defaultPendingMinMs: 0,
  defaultErrorComponent: PageError,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
