import { parseEnv } from 'node:util'
import { StartError } from '../../stack/start-error.ts'

/** What only others can give: accounts at Stripe, at a mail server, at a store of objects. */
export const givenRows = {
  STRIPE_SECRET_KEY: 'payments: the secret key of the Stripe account',
  STRIPE_WEBHOOK_SECRET: 'payments: what Stripe signs its calls with',
  BACKUP_S3_KEY: 'backups: the key id at the store of objects',
  BACKUP_S3_SECRET: 'backups: the secret of that key',
  GOOGLE_CLIENT_ID: 'signing in with Google: the client',
  GOOGLE_CLIENT_SECRET: 'signing in with Google: its secret',
  RELAYHOST: 'mail: the server that takes it, as [host]:port',
  RELAYHOST_USERNAME: 'mail: the account there',
  RELAYHOST_PASSWORD: 'mail: its password',
  ALERT_SLACK_URL: 'alerts: the address of a Slack channel',
  ALERT_WEBHOOK_URL: 'alerts: an address that is called with each',
  ALERT_SECOND_WEBHOOK_URL: 'alerts: an address for those that nobody took for 15 minutes',
  GHCR_USER: 'images: who reads the registry',
  GHCR_TOKEN: 'images: a token that may read packages and nothing else',
} as const

export type GivenName = keyof typeof givenRows
export type Given = { readonly [Name in GivenName]?: string }

const isGivenName = (name: string): name is GivenName => Object.hasOwn(givenRows, name)

/** Lines `NAME=value`. Throws StartError for a name that nothing here asks for. */
export function givenFrom(text: string): Given {
  const entries = Object.entries(parseEnv(text)).filter(([, value]) => value)
  const unknown = entries.map(([name]) => name).filter((name) => !isGivenName(name))
  if (unknown.length > 0) {
    throw new StartError(
      `Nothing asks for ${unknown.join(', ')}. There are: ${Object.keys(givenRows).join(', ')}.`,
    )
  }
  return Object.fromEntries(entries)
}

/** Names with what they are for, of those that are still missing. */
export const missingIn = (given: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(givenRows).filter(([name]) => !given[name])
