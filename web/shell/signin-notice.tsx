import { useNavigate } from '@tanstack/react-router'
import { useText } from '../i18n/text.ts'
import { signInUrl, useSession } from '../session/session.tsx'
import { Icon } from '../ui/icons.tsx'
import { Notice } from '../ui/notice.tsx'
import { failureText } from './signin-failure.ts'

/** Says why signing in failed; the gateway leaves the reason in the address. */
export function SignInNotice({ reason }: { reason: string }) {
  const { t } = useText()
  const { session } = useSession()
  const navigate = useNavigate()
  if (session.state === 'signed-in') return null
  const dismiss = () =>
    void navigate({ to: '.', search: ({ signin: _, reason: __, ...kept }) => kept, replace: true })
  const action = (
    <span className="flex items-center gap-1">
      <a
        href={signInUrl(location.pathname)}
        className="inline-flex min-h-9 items-center rounded-sm px-2 font-medium underline underline-offset-2"
      >
        {t('signin.retry')}
      </a>
      <button
        type="button"
        aria-label={t('notice.dismiss')}
        onClick={dismiss}
        className="grid size-9 place-items-center rounded-sm"
      >
        <Icon name="close" className="size-4" />
      </button>
    </span>
  )
  return (
    <div className="mx-auto max-w-6xl px-4 pt-4 sm:px-6">
      <Notice tone="caution" action={action}>
        {t(failureText(reason))}
      </Notice>
    </div>
  )
}
