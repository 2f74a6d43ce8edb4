import { type ReactNode, useState } from 'react'
import { formatInstant, visitorZone } from '../../../i18n/format.ts'
import { useText } from '../../../i18n/text.ts'
import { ActionNotice, type ActionOutcome } from '../../../ui/action-notice.tsx'
import { Ago } from '../../../ui/ago.tsx'
import { Button } from '../../../ui/button.tsx'
import { Lock } from '../../../ui/guard-glyphs.tsx'
import { AtProvider } from '../at-provider.tsx'
import type { SecurityState } from '../query.ts'
import { Fact, Panel, Section } from '../section.tsx'
import { PasswordForm } from './password-form.tsx'

function Since({ security }: { security: SecurityState }): ReactNode {
  const { t, tag } = useText()
  const { passwordChangedAt, passwordExpiresAt } = security
  const place = { tag, timeZone: visitorZone() }
  return (
    <>
      {passwordChangedAt && (
        <>
          {t('password.changed')} <Ago instant={passwordChangedAt} />
        </>
      )}
      {passwordExpiresAt && (
        <span className="block">
          {t('password.expires', { date: formatInstant(passwordExpiresAt, 'fullDay', place) })}
        </span>
      )}
      {!passwordChangedAt && !passwordExpiresAt && t('password.set')}
    </>
  )
}

type PasswordProps = { security: SecurityState; email: string | null; onChanged: () => void }

function Own({ security, email, onChanged }: PasswordProps) {
  const { t } = useText()
  const [isOpen, setOpen] = useState(false)
  const [outcome, setOutcome] = useState<ActionOutcome | null>(null)
  const changed = (others: number) => {
    setOpen(false)
    setOutcome({ kind: 'done', text: 'password.done', values: { count: others } })
    onChanged()
  }
  const open = () => {
    setOutcome(null)
    setOpen(true)
  }
  return (
    <Panel>
      {outcome && <ActionNotice outcome={outcome} otherwise="password.failed" />}
      <Fact
        icon={<Lock />}
        title={t('account.password')}
        action={
          !isOpen && (
            <Button variant="secondary" size="sm" onClick={open}>
              {t('password.change')}
            </Button>
          )
        }
      >
        <Since security={security} />
      </Fact>
      {isOpen && <PasswordForm email={email} onDone={changed} onClose={() => setOpen(false)} />}
    </Panel>
  )
}

export const Password = ({ isExternal, ...own }: PasswordProps & { isExternal: boolean }) => (
  <Section id="password" title="account.password" lead="password.lead">
    {isExternal ? <AtProvider icon={<Lock />} of="password" /> : <Own {...own} />}
  </Section>
)
