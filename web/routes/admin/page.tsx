import { getRouteApi } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import type { MessageId } from '../../i18n/text.ts'
import { NotFound } from '../../shell/not-found.tsx'
import { Audit } from './audit/audit.tsx'
import { Clients } from './clients.tsx'
import { Deliveries } from './deliveries.tsx'
import { AdminFrame } from './frame.tsx'
import { Home } from './home.tsx'
import { Keys } from './keys/keys.tsx'
import { Operations } from './operations/operations.tsx'
import { Payments } from './payments.tsx'
import { People } from './people.tsx'
import { Usage } from './usage/usage.tsx'

const route = getRouteApi('/admin/$part')

type Part = { title: MessageId; lead: MessageId; Content: ComponentType }

const parts: ReadonlyMap<string, Part> = new Map([
  ['people', { title: 'admin.people', lead: 'admin.people.lead', Content: People }],
  ['clients', { title: 'admin.clients', lead: 'admin.clients.lead', Content: Clients }],
  ['keys', { title: 'admin.keys', lead: 'admin.keys.lead', Content: Keys }],
  ['operations', { title: 'admin.operations', lead: 'admin.operations.lead', Content: Operations }],
  ['usage', { title: 'admin.usage', lead: 'admin.usage.lead', Content: Usage }],
  ['audit', { title: 'admin.audit', lead: 'admin.audit.lead', Content: Audit }],
  ['payments', { title: 'admin.payments', lead: 'admin.payments.lead', Content: Payments }],
  ['webhooks', { title: 'admin.webhooks', lead: 'admin.webhooks.lead', Content: Deliveries }],
])

export const AdminHomePage = () => (
  <AdminFrame title="admin.title" lead="admin.lead">
    <Home />
  </AdminFrame>
)

export function AdminPartPage() {
  const part = parts.get(route.useParams().part)
  if (!part) return <NotFound />
  const { title, lead, Content } = part
  return (
    <AdminFrame title={title} lead={lead} isPart>
      <Content />
    </AdminFrame>
  )
}
