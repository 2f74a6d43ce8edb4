import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { type MessageId, useText } from '../../i18n/text.ts'
import { Key, Lock, Shield } from '../../ui/guard-glyphs.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Arrivals, Banknote, Braces, Gauge, Sealed } from './glyphs.tsx'

const card =
  'relative flex h-full gap-4 rounded-xl border border-line bg-surface p-5 shadow-1 transition-[border-color,box-shadow] duration-200 hover:border-line-strong hover:shadow-2'
const whole = 'after:absolute after:inset-0 after:rounded-xl'

type CardProps = { icon: ReactNode; lead: MessageId; children: ReactNode }

/** The whole card leads on; its name is the link. */
function Card({ icon, lead, children }: CardProps) {
  const { t } = useText()
  return (
    <div className={card}>
      <span className="grid size-11 shrink-0 place-items-center rounded-lg bg-accent-soft text-accent-ink">
        {icon}
      </span>
      <div className="min-w-0">
        <h2 className="text-lg font-semibold">{children}</h2>
        <p className="mt-1 text-sm text-ink-soft">{t(lead)}</p>
      </div>
    </div>
  )
}

const parts = [
  { part: 'people', name: 'admin.people', lead: 'admin.people.card', icon: <Icon name="people" /> },
  { part: 'clients', name: 'admin.clients', lead: 'admin.clients.card', icon: <Key /> },
  { part: 'keys', name: 'admin.keys', lead: 'admin.keys.card', icon: <Lock /> },
  { part: 'operations', name: 'admin.operations', lead: 'admin.operations.card', icon: <Sealed /> },
  { part: 'usage', name: 'admin.usage', lead: 'admin.usage.card', icon: <Gauge /> },
  { part: 'audit', name: 'admin.audit', lead: 'admin.audit.card', icon: <Shield /> },
  { part: 'payments', name: 'admin.payments', lead: 'admin.payments.card', icon: <Banknote /> },
  { part: 'webhooks', name: 'admin.webhooks', lead: 'admin.webhooks.card', icon: <Arrivals /> },
] as const

export function Home() {
  const { t } = useText()
  return (
    <ul className="mt-8 grid gap-4 sm:grid-cols-2">
      {parts.map(({ part, name, lead, icon }) => (
        <li key={part}>
          <Card icon={icon} lead={lead}>
            <Link to="/admin/$part" params={{ part }} className={whole}>
              {t(name)}
            </Link>
          </Card>
        </li>
      ))}
      <li>
        <Card icon={<Braces />} lead="admin.explorer.card">
          <a href="/graphiql" className={whole}>
            {t('admin.explorer')}
          </a>
        </Card>
      </li>
    </ul>
  )
}
