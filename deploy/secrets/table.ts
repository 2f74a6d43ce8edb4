import { publicJwk } from '../../stack/secrets.ts'
import type { Material, PasswordName } from './material.ts'

export type SecretType = 'Opaque' | 'kubernetes.io/tls' | 'kubernetes.io/basic-auth' | typeof docker
const docker = 'kubernetes.io/dockerconfigjson'

/** One Secret: where it is, who reads it, and what each of its keys says. */
export type SecretRow = {
  readonly name: string
  readonly namespaces: readonly string[]
  readonly type?: SecretType
  /** `app.kubernetes.io/name` of the pods that read it; nobody else may. */
  readonly readers: readonly string[]
  readonly values: (material: Material) => Readonly<Record<string, string>>
}

const databaseHost = 'postgres.data.svc.cluster.local:5432'

const databaseUrl = (user: string, password: string) =>
  `postgres://${user}:${password}@${databaseHost}/plexus?sslmode=verify-full`

const database = ({ passwords }: Material, service: PasswordName) => ({
  DATABASE_URL: databaseUrl(`svc_${service}`, passwords[service]),
  // For an address of its own that is written with $(DATABASE_PASSWORD), as the pooler's is.
  DATABASE_PASSWORD: passwords[service],
})

const identityJwks = ({ identity: { signing, next, previous } }: Material) => {
  const trusted = [signing, next, previous].filter((jwk) => jwk !== null)
  return JSON.stringify({ keys: trusted.map(publicJwk) })
}

/** What every subgraph has. */
const subgraph = (material: Material, service: PasswordName) => ({
  ...database(material, service),
  IDENTITY_PUBLIC_JWKS: identityJwks(material),
})

const of = ({ given }: Material, name: string) => given[name] ?? ''

const registryAccess = (material: Material) => {
  const pair = `${of(material, 'GHCR_USER')}:${of(material, 'GHCR_TOKEN')}`
  const auth = Buffer.from(pair).toString('base64')
  return JSON.stringify({ auths: { 'ghcr.io': { auth } } })
}

const services: readonly SecretRow[] = [
  {
    name: 'users-secret',
    namespaces: ['app'],
    readers: ['users'],
    values: (all) => ({ ...subgraph(all, 'users'), LETTER_KEYS: all.rings.letter }),
  },
  {
    name: 'bookings-secret',
    namespaces: ['app'],
    readers: ['bookings'],
    values: (all) => ({
      ...subgraph(all, 'bookings'),
      SLOT_TOKEN_SECRET: all.passwords['slot-token'],
    }),
  },
  {
    name: 'billing-secret',
    namespaces: ['app'],
    readers: ['billing'],
    values: (all) => ({
      ...subgraph(all, 'billing'),
      STRIPE_SECRET_KEY: of(all, 'STRIPE_SECRET_KEY') || all.passwords.stripe,
      STRIPE_WEBHOOK_SECRET: of(all, 'STRIPE_WEBHOOK_SECRET') || all.passwords['stripe-webhook'],
    }),
  },
  {
    name: 'auth-secret',
    namespaces: ['app'],
    readers: ['auth'],
    values: (all) => ({
      ...subgraph(all, 'auth'),
      LETTER_KEYS: all.rings.letter,
      KEYCLOAK_CLIENT_SECRET: all.passwords['accounts-client'],
    }),
  },
  {
    name: 'gateway-secret',
    namespaces: ['app'],
    readers: ['gateway'],
    values: (all) => ({
      ...database(all, 'gateway'),
      SESSION_KEYS: all.rings.session,
      OIDC_CLIENT_SECRET: all.passwords['web-client'],
      IDENTITY_PRIVATE_JWK: JSON.stringify(all.identity.signing),
    }),
  },
  {
    name: 'migrate-secret',
    namespaces: ['app'],
    readers: ['migrate'],
    values: ({ passwords }) => ({
      DATABASE_ADMIN_URL: databaseUrl('postgres', passwords.postgres),
      USERS_DATABASE_PASSWORD: passwords.users,
      BOOKINGS_DATABASE_PASSWORD: passwords.bookings,
      BILLING_DATABASE_PASSWORD: passwords.billing,
      AUTH_DATABASE_PASSWORD: passwords.auth,
      GATEWAY_DATABASE_PASSWORD: passwords.gateway,
      KEYCLOAK_DATABASE_PASSWORD: passwords.keycloak,
      MONITOR_DATABASE_PASSWORD: passwords.monitor,
    }),
  },
]

const data: readonly SecretRow[] = [
  {
    // The form that CloudNativePG reads.
    name: 'postgres-secret',
    namespaces: ['data'],
    type: 'kubernetes.io/basic-auth',
    readers: ['postgres', 'postgres-replica', 'backup', 'drill'],
    values: ({ passwords }) => ({ username: 'postgres', password: passwords.postgres }),
  },
  {
    name: 'replication-secret',
    namespaces: ['data'],
    readers: ['postgres', 'postgres-replica'],
    values: ({ passwords }) => ({ password: passwords.replication }),
  },
  {
    name: 'postgres-tls',
    namespaces: ['data'],
    type: 'kubernetes.io/tls',
    readers: ['postgres', 'postgres-replica', 'pooler', 'snapshot'],
    values: ({ server, authority }) => ({
      'tls.crt': server.certificate,
      'tls.key': server.key,
      'ca.crt': authority.certificate,
    }),
  },
  {
    name: 'postgres-ca',
    namespaces: ['app', 'auth', 'data', 'ops'],
    readers: [
      ...['users', 'bookings', 'billing', 'auth', 'gateway', 'migrate', 'keycloak'],
      ...['adminer', 'postgres-exporter', 'backup', 'drill'],
    ],
    values: ({ authority }) => ({ 'ca.crt': authority.certificate }),
  },
  {
    name: 'backup-secret',
    namespaces: ['data'],
    readers: ['postgres', 'backup', 'drill'],
    values: (all) => ({
      'cipher-pass': all.passwords['backup-cipher'],
      's3-key': of(all, 'BACKUP_S3_KEY'),
      's3-secret': of(all, 'BACKUP_S3_SECRET'),
    }),
  },
  {
    name: 'valkey-secret',
    namespaces: ['data'],
    readers: ['valkey'],
    values: ({ passwords }) => ({ password: passwords.valkey }),
  },
  {
    name: 'gateway-valkey',
    namespaces: ['app'],
    readers: ['gateway'],
    values: ({ passwords }) => ({
      REDIS_URL: `redis://:${passwords.valkey}@valkey.data.svc.cluster.local:6379`,
    }),
  },
]

const others: readonly SecretRow[] = [
  {
    name: 'keycloak-secret',
    namespaces: ['auth'],
    readers: ['keycloak'],
    values: (all) => ({
      KC_DB_USERNAME: 'keycloak',
      KC_DB_PASSWORD: all.passwords.keycloak,
      KC_BOOTSTRAP_ADMIN_USERNAME: 'administrator',
      KC_BOOTSTRAP_ADMIN_PASSWORD: all.passwords['keycloak-admin'],
      PLEXUS_WEB_SECRET: all.passwords['web-client'],
      PLEXUS_PARTNER_SECRET: all.passwords['partner-client'],
      PLEXUS_ADMIN_SECRET: all.passwords['accounts-client'],
      GOOGLE_ENABLED: String(of(all, 'GOOGLE_CLIENT_ID') !== ''),
      GOOGLE_CLIENT_ID: of(all, 'GOOGLE_CLIENT_ID'),
      GOOGLE_CLIENT_SECRET: of(all, 'GOOGLE_CLIENT_SECRET'),
    }),
  },
  {
    name: 'alertmanager-secret',
    namespaces: ['ops'],
    readers: ['alertmanager'],
    values: (all) => ({
      'slack-url': of(all, 'ALERT_SLACK_URL'),
      'webhook-url': of(all, 'ALERT_WEBHOOK_URL'),
      'second-webhook-url': of(all, 'ALERT_SECOND_WEBHOOK_URL'),
    }),
  },
  {
    name: 'grafana-secret',
    namespaces: ['ops'],
    readers: ['grafana'],
    values: ({ passwords }) => ({
      'admin-user': 'administrator',
      'admin-password': passwords.grafana,
    }),
  },
  {
    name: 'mail-secret',
    namespaces: ['ops'],
    readers: ['mail'],
    values: (all) => ({
      RELAYHOST: of(all, 'RELAYHOST'),
      RELAYHOST_USERNAME: of(all, 'RELAYHOST_USERNAME'),
      RELAYHOST_PASSWORD: of(all, 'RELAYHOST_PASSWORD'),
    }),
  },
  {
    name: 'monitor-secret',
    namespaces: ['ops'],
    readers: ['postgres-exporter'],
    values: ({ passwords }) => ({ password: passwords.monitor }),
  },
  {
    name: 'ghcr-secret',
    namespaces: ['app', 'auth', 'data', 'edge', 'flux-system'],
    type: docker,
    readers: [],
    values: (all) => ({ '.dockerconfigjson': registryAccess(all) }),
  },
  {
    name: 'receiver-secret',
    namespaces: ['flux-system'],
    readers: ['notification-controller'],
    values: ({ passwords }) => ({ token: passwords.receiver }),
  },
]

/** Every Secret of an installation. What is not here is not in the cluster. */
export const secretTable: readonly SecretRow[] = [...services, ...data, ...others]
