import { mkdir } from 'node:fs/promises'
import { untilSignal } from '#kit/serve'
import { stackConfigFrom } from '../config.ts'
import { demoAccountsIn } from '../demo/keycloak-accounts.ts'
import { demoPassword } from '../demo/people.ts'
import { demoAccounts } from '../demo/seed.ts'
import { secretsIn } from '../secrets.ts'
import { StartError } from '../start-error.ts'
import { claimData } from '../up/claim.ts'
import { explain } from '../up/explain.ts'
import { step } from '../up/progress.ts'
import { keycloakHome, type LocalKeycloak, startLocalKeycloak } from './local.ts'

type Env = Record<string, string | undefined>

/** Runs a Keycloak with our realm and the demo's accounts until a signal. */
export async function standAlone(env: Env): Promise<void> {
  const started: { stop(): Promise<void> }[] = []
  const stop = async () => {
    for (const part of started.splice(0).reverse()) await part.stop()
  }
  let isStopping = false
  void untilSignal(async () => {
    isStopping = true
    await stop()
  })
  try {
    const config = stackConfigFrom(env)
    const home = keycloakHome(config)
    await mkdir(home, { recursive: true })
    started.push(await claimData(home, process.pid))
    const secrets = await secretsIn(config.dataDir)
    const keycloak = await step('Keycloak', () => startLocalKeycloak(config, secrets))
    started.push(keycloak)
    await step('Accounts', () => demoAccountsIn(keycloak))
    announce(keycloak, home)
    await keycloak.exited
    if (!isStopping) throw new StartError(`Keycloak has ended; ${home}/keycloak.log says why.`)
  } catch (error) {
    if (isStopping) return
    console.error(`\n${explain(error)}`)
    await stop()
    process.exit(1)
  }
}

function announce({ issuer, realm, consolePassword }: LocalKeycloak, home: string) {
  const rows = demoAccounts.map(({ role, email }) => `  ${role.padEnd(8)} ${email}`)
  console.log(`
Keycloak is up.

  issuer   ${issuer}
  console  ${realm.origin}/admin/ (admin, ${consolePassword})
  data     ${home}

Sign in with the password ${demoPassword} as
${rows.join('\n')}

Ctrl-C stops it.`)
}
