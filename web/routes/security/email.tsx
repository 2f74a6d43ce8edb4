import { useText } from '../../i18n/text.ts'
import { Badge } from '../../ui/badge.tsx'
import { Mail } from '../../ui/guard-glyphs.tsx'
import type { SecurityState } from './query.ts'
import { Fact, Panel, Section } from './section.tsx'

type EmailProps = { security: SecurityState; email: string | null }

/** Where letters about the account go, and whether they are known to arrive. */
export function Email({ security, email }: EmailProps) {
  const { t } = useText()
  const { emailVerified } = security
  const badge = (
    <Badge tone={emailVerified ? 'positive' : 'caution'}>
      {t(emailVerified ? 'email.verified' : 'email.unverified')}
    </Badge>
  )
  return (
    <Section id="email" title="email.title" lead="email.lead">
      <Panel>
        <Fact
          icon={<Mail />}
          title={
            <>
              {email ?? t('email.title')}
              {badge}
            </>
          }
        >
          {t(emailVerified ? 'email.verified.body' : 'email.unverified.body')}
        </Fact>
      </Panel>
    </Section>
  )
}
