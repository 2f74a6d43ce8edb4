const isTerminal = process.stdout.isTTY === true
const green = (text: string) => (isTerminal ? `\u001b[32m${text}\u001b[0m` : text)
const red = (text: string) => (isTerminal ? `\u001b[31m${text}\u001b[0m` : text)
const dim = (text: string) => (isTerminal ? `\u001b[2m${text}\u001b[0m` : text)

/** Runs one step of the start and says how long it took; a step that fails says so and throws on. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now()
  if (isTerminal) process.stdout.write(`  … ${title}`)
  const seconds = () => dim(`${((performance.now() - startedAt) / 1_000).toFixed(1)} s`)
  const line = (mark: string) => `${isTerminal ? '\r' : ''}  ${mark} ${title} ${seconds()}\n`
  try {
    const result = await work()
    process.stdout.write(line(green('✓')))
    return result
  } catch (error) {
    process.stdout.write(line(red('✗')))
    throw error
  }
}

type Ready = {
  readonly origin: string
  readonly issuer: string
  /** Where the provider is administered; null when it has no page for that. */
  readonly console: string | null
  readonly accounts: readonly { role: string; email: string }[]
  readonly password: string
  /** The Stripe sandbox; null where the real Stripe takes payments. */
  readonly payments: string | null
  /** The folder that mails are written to; null when they go to a server. */
  readonly mail: string | null
  /** Lines for a shell in which a partner's program gets a token and runs an operation. */
  readonly partner: readonly string[]
  readonly logFile: string
  /** Where PostgreSQL keeps its data, when that is not in the data folder. */
  readonly elsewhere: string | null
  readonly watch: boolean
}

/** What a person needs next: where to go and who to be. */
export function announce(ready: Ready) {
  const { origin, issuer, accounts, password, partner, mail, logFile, elsewhere, watch } = ready
  const payments = ready.payments && `${ready.payments} (test cards, no money moves)`
  const rows = accounts.map(({ role, email }) => `  ${role.padEnd(8)} ${email}`)
  console.log(`
Plexus is up.${watch ? ' Development: code and pages reload, browsers on localhost may send free text.' : ''}

  web      ${origin}
  graph    ${origin}/graphql
  sign-in  ${issuer}${ready.console ? `\n  console  ${ready.console}` : ''}
  log      ${logFile}${payments ? `\n  payments ${payments}` : ''}${mail ? `\n  mail     ${mail}` : ''}${elsewhere ? `\n  data     ${elsewhere}` : ''}

Sign in with the password ${password} as
${rows.join('\n')}

A partner's program gets a token and runs a registered operation:
${partner.join('\n')}

Ctrl-C stops everything.`)
}
