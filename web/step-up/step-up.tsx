import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
} from 'react'
import { useSession } from '../session/session.tsx'
import { pageCode } from '../shell/page-code.ts'
import { type Act, takeIntent } from './intent.ts'
import { isSteppedUp } from './level.ts'

const Dialog = lazy(async () => {
  const code = pageCode(
    () => import('./dialog.tsx'),
    () => import('./texts.ts'),
  )
  return { default: (await code()).StepUpDialog }
})

const StepUpContext = createContext<((act: Act) => void) | null>(null)

/** Around a page with acts that need a second factor: asks for one first, then the act goes on by itself. */
export function StepUp({ children }: { children: ReactNode }) {
  const { session } = useSession()
  const [waiting, setWaiting] = useState<Act | null>(null)
  const ask = useCallback(
    (act: Act) => (isSteppedUp(session) ? act.run() : setWaiting(act)),
    [session],
  )
  const goOn = () => {
    setWaiting(null)
    waiting?.run()
  }
  return (
    <StepUpContext value={ask}>
      {children}
      {waiting && (
        <Suspense>
          <Dialog act={waiting} onConfirmed={goOn} onClose={() => setWaiting(null)} />
        </Suspense>
      )}
    </StepUpContext>
  )
}

/**
 * `run` once it is sure who asks. An act that waited while the reader was at the provider's pages is
 * done when they are back; its values are JSON, and hold no secret.
 */
export function useGuarded<Values>(name: string, run: (values: Values) => void) {
  const ask = useContext(StepUpContext)
  if (!ask) throw new Error('useGuarded needs a StepUp above it.')
  const { session } = useSession()
  const current = useRef(run)
  current.current = run
  const isReady = isSteppedUp(session)
  useEffect(() => {
    const intent = isReady ? takeIntent(name) : null
    // This hook kept it, under this name.
    if (intent) current.current(intent.values as Values)
  }, [name, isReady])
  return useCallback(
    (values: Values) => ask({ name, values, run: () => current.current(values) }),
    [ask, name],
  )
}
