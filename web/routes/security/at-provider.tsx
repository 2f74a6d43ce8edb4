import type { ReactNode } from 'react'
import { useText } from '../../i18n/text.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Fact, Panel } from './section.tsx'

type AtProviderProps = { icon: ReactNode; of: 'password' | 'totp' | 'passkey' }

/** What the sign-in service keeps: the way to its page, and back. */
export function AtProvider({ icon, of }: AtProviderProps) {
  const { t } = useText()
  const action = (
    <a
      href={`/auth/login?action=${of}&returnTo=%2Fsecurity`}
      className={buttonClass({ variant: 'secondary', size: 'sm' })}
    >
      {t(`provider.${of}`)}
    </a>
  )
  return (
    <Panel>
      <Fact icon={icon} title={t('provider.title')} action={action}>
        {t('provider.body')}
      </Fact>
    </Panel>
  )
}
