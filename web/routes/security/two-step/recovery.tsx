import { useState } from 'react'
import { useMutation } from 'urql'
import { useText } from '../../../i18n/text.ts'
import { useGuarded } from '../../../step-up/step-up.tsx'
import { ActionNotice, type ActionOutcome } from '../../../ui/action-notice.tsx'
import { Button } from '../../../ui/button.tsx'
import { Shield } from '../../../ui/guard-glyphs.tsx'
import type { SecurityState } from '../query.ts'
import { Fact, Panel, Section } from '../section.tsx'
import { RegenerateRecoveryCodes } from './query.ts'
import { RecoveryCodes } from './recovery-codes.tsx'

function useRegenerate(onChanged: () => void) {
  const [{ fetching }, run] = useMutation(RegenerateRecoveryCodes)
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const [outcome, setOutcome] = useState<ActionOutcome | null>(null)
  async function regenerate(): Promise<void> {
    setOutcome(null)
    const { data, error } = await run({})
    const answer = data?.regenerateRecoveryCodes
    if (!answer) return setOutcome({ kind: 'failed', error })
    if (answer.__typename !== 'RecoveryCodes')
      return setOutcome({ kind: 'refused', text: 'recovery.refused' })
    setCodes(answer.codes)
    onChanged()
  }
  const guarded = useGuarded('regenerateRecoveryCodes', () => void regenerate())
  return {
    ...{ codes, outcome, busy: fetching },
    regenerate: () => guarded(null),
    forget: () => setCodes(null),
  }
}

type RecoveryProps = { security: SecurityState; onChanged: () => void }

/** The way in without the phone. */
export function Recovery({ security, onChanged }: RecoveryProps) {
  const { t } = useText()
  const { codes, outcome, busy, regenerate, forget } = useRegenerate(onChanged)
  const { totpEnabled, passkeys, recoveryCodesLeft } = security
  const hasFactor = totpEnabled || passkeys.length > 0
  const action = hasFactor && !codes && (
    <Button variant="secondary" size="sm" busy={busy} onClick={regenerate}>
      {t(recoveryCodesLeft > 0 ? 'recovery.regenerate' : 'recovery.generate')}
    </Button>
  )
  return (
    <Section id="recovery" title="recovery.title" lead="recovery.lead">
      <Panel>
        {outcome && <ActionNotice outcome={outcome} otherwise="recovery.refused" />}
        <Fact
          icon={<Shield />}
          title={t('recovery.left', { count: recoveryCodesLeft })}
          action={action}
        >
          {t(hasFactor ? 'recovery.body' : 'recovery.none')}
        </Fact>
        {codes && <RecoveryCodes codes={codes} onKept={forget} />}
      </Panel>
    </Section>
  )
}
