import { useState } from 'react'
import { useQuery } from 'urql'
import { formatInstant, visitorZone } from '../../../i18n/format.ts'
import { useText } from '../../../i18n/text.ts'
import { ActionNotice } from '../../../ui/action-notice.tsx'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Icon } from '../../../ui/icons.tsx'
import { ErrorState } from '../../../ui/states.tsx'
import { PanelSkeleton } from '../panel-skeleton.tsx'
import { Fact, Panel, Section } from '../section.tsx'
import { GrantForm } from './grant-form.tsx'
import { type Delegation, MyDelegations } from './query.ts'
import { scopeText } from './scopes.ts'
import { useDelegations } from './use-delegations.ts'

type Actions = ReturnType<typeof useDelegations>
type RowProps = { delegation: Delegation; name: string; actions: Actions }

function Terms({ delegation }: { delegation: Delegation }) {
  const { t, tag } = useText()
  const { scopes, expiresAt, reason } = delegation
  const date = formatInstant(expiresAt, 'fullDay', { tag, timeZone: visitorZone() })
  const may = scopes.map((scope) => {
    const text = scopeText(scope)
    return text ? t(text) : scope
  })
  return (
    <>
      <span className="block">{may.join(', ')}</span>
      <span className="block text-ink-faint">
        {t('delegations.expires', { date })}
        {reason && ` · ${reason}`}
      </span>
    </>
  )
}

function GivenRow({ delegation, name, actions }: RowProps) {
  const { t } = useText()
  const action = (
    <Button
      variant="secondary"
      size="sm"
      busy={actions.busy}
      onClick={() => void actions.revoke(delegation.id)}
    >
      {t('delegations.revoke')}
      <span className="sr-only">{name}</span>
    </Button>
  )
  return (
    <Fact icon={<Icon name="person" />} title={name} action={action}>
      <Terms delegation={delegation} />
    </Fact>
  )
}

function ReceivedRow({ delegation, name, actions, isActing }: RowProps & { isActing: boolean }) {
  const { t } = useText()
  const action = isActing ? (
    <Button size="sm" busy={actions.busy} onClick={() => void actions.endActing()}>
      {t('delegations.end')}
    </Button>
  ) : (
    <Button
      variant="secondary"
      size="sm"
      busy={actions.busy}
      onClick={() => void actions.actFor(delegation.id)}
    >
      {t('delegations.act')}
      <span className="sr-only">{name}</span>
    </Button>
  )
  const title = (
    <>
      {name}
      {isActing && <Badge tone="caution">{t('delegations.now')}</Badge>}
    </>
  )
  return (
    <Fact icon={<Icon name="people" />} title={title} action={action}>
      <Terms delegation={delegation} />
    </Fact>
  )
}

type Data = {
  scopes: readonly string[]
  delegationsGiven: readonly Delegation[]
  delegationsReceived: readonly Delegation[]
  actingAs: { id: string } | null
}

function Lists({ data, actions }: { data: Data; actions: Actions }) {
  const { t } = useText()
  const { delegationsGiven, delegationsReceived, actingAs } = data
  return (
    <>
      {delegationsGiven.length > 0 && (
        <Panel>
          <ul aria-label={t('delegations.given')} className="flex flex-col gap-4">
            {delegationsGiven.map((own) => (
              <li key={own.id}>
                <GivenRow delegation={own} name={own.to.displayName} actions={actions} />
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {delegationsReceived.length > 0 && (
        <Panel>
          <h3 className="text-sm font-medium text-ink-soft">{t('delegations.received')}</h3>
          <ul className="flex flex-col gap-4">
            {delegationsReceived.map((own) => (
              <li key={own.id}>
                <ReceivedRow
                  delegation={own}
                  name={own.from.displayName}
                  actions={actions}
                  isActing={actingAs?.id === own.id}
                />
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {delegationsGiven.length + delegationsReceived.length === 0 && (
        <p className="text-sm text-ink-faint">{t('delegations.none')}</p>
      )}
    </>
  )
}

function Content({ data, reload }: { data: Data; reload: () => void }) {
  const { t } = useText()
  const [isOpen, setOpen] = useState(false)
  const actions = useDelegations(reload)
  return (
    <>
      {actions.outcome && (
        <ActionNotice outcome={actions.outcome} otherwise="delegations.refused" />
      )}
      <Lists data={data} actions={actions} />
      {isOpen ? (
        <Panel>
          <GrantForm
            own={data.scopes}
            busy={actions.busy}
            onGrant={(grant) => {
              setOpen(false)
              actions.grant(grant)
            }}
            onClose={() => setOpen(false)}
          />
        </Panel>
      ) : (
        <Button
          variant="secondary"
          className="self-start max-sm:w-full"
          onClick={() => setOpen(true)}
        >
          <Icon name="plus" />
          {t('delegations.add')}
        </Button>
      )}
    </>
  )
}

/** Who may act for the reader, and for whom the reader may act. */
export function Delegations() {
  const [{ data, error }, ask] = useQuery({
    query: MyDelegations,
    requestPolicy: 'cache-and-network',
  })
  const reload = () => ask({ requestPolicy: 'network-only' })
  const viewer = data?.viewer
  return (
    <Section id="delegations" title="delegations.title" lead="delegations.lead">
      {viewer && <Content data={viewer} reload={reload} />}
      {!viewer && (error ? <ErrorState error={error} retry={reload} /> : <PanelSkeleton />)}
    </Section>
  )
}
