import { useText } from '../../../i18n/text.ts'
import { ActionNotice } from '../../../ui/action-notice.tsx'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Phone } from '../../../ui/guard-glyphs.tsx'
import { AtProvider } from '../at-provider.tsx'
import { PasswordFirst } from '../password-first.tsx'
import type { SecurityState } from '../query.ts'
import { Fact, Panel, Section } from '../section.tsx'
import { Disable } from './disable.tsx'
import { Enrol } from './enrol.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { useTwoStep } from './use-two-step.ts'

type TwoStepProps = { security: SecurityState; onChanged: () => void }

function Own({ security, onChanged }: TwoStepProps) {
  const { t } = useText()
  const { totpEnabled, passkeys } = security
  const hasFactor = totpEnabled || passkeys.length > 0
  const steps = useTwoStep(hasFactor, onChanged)
  const { open } = steps
  const action = open.kind === 'nothing' && (
    <Button
      variant={totpEnabled ? 'secondary' : 'primary'}
      size="sm"
      busy={steps.busy}
      onClick={totpEnabled ? steps.startDisabling : steps.start}
    >
      {t(totpEnabled ? 'twoStep.disable' : 'twoStep.enable')}
    </Button>
  )
  const title = (
    <>
      {t('twoStep.app')}
      <Badge tone={totpEnabled ? 'positive' : 'neutral'}>
        {t(totpEnabled ? 'twoStep.on' : 'twoStep.off')}
      </Badge>
    </>
  )
  return (
    <Panel>
      {steps.outcome && <ActionNotice outcome={steps.outcome} otherwise="twoStep.failed" />}
      <Fact icon={<Phone />} title={title} action={action}>
        {t(totpEnabled ? 'twoStep.on.body' : 'twoStep.off.body')}
      </Fact>
      {open.kind === 'password' && (
        <PasswordFirst
          isWrong={open.isWrong}
          busy={steps.busy}
          onPassword={steps.withPassword}
          onClose={steps.close}
        />
      )}
      {open.kind === 'enrolling' && (
        <Enrol enrolment={open.enrolment} onConfirmed={steps.confirmed} onClose={steps.close} />
      )}
      {open.kind === 'disabling' && <Disable onDone={steps.disabled} onClose={steps.close} />}
      {open.kind === 'codes' && <RecoveryCodes codes={open.codes} onKept={steps.close} />}
    </Panel>
  )
}

/** A code from an app at sign-in, beside the password. */
export const TwoStep = ({ isExternal, ...own }: TwoStepProps & { isExternal: boolean }) => (
  <Section id="two-step" title="twoStep.title" lead="twoStep.lead">
    {isExternal ? <AtProvider icon={<Phone />} of="totp" /> : <Own {...own} />}
  </Section>
)
