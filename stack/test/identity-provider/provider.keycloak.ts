import { Secret } from 'otpauth'
import { type TestRealm, testRealm } from '../../testing/keycloak-realm.ts'
import { authenticatorOf } from './authenticator.ts'
import type { ProviderUnderTest, StartProvider } from './provider-under-test.ts'

/** A realm of its own in the Keycloak that all tests share. */
export const startKeycloak: StartProvider = async (front, application) => {
  const { origin, client } = application
  const realm = await testRealm({ origin, frontend: front.origin, webSecret: client.secret })
  front.lead(realm.origin)
  return {
    ...{ issuer: realm.issuer, audience: 'plexus-api' },
    fields: {
      ...{ login: 'username', password: 'password', code: 'otp' },
      ...{ signOut: { confirmLogout: 'Logout' }, decline: { 'cancel-aia': 'true' } },
    },
    ...peopleOf(realm),
    rotateKeys: realm.rotateKeys,
    addProgram: realm.addProgram,
    foreignToken: () => foreignToken(realm),
    stop: realm.drop,
  }
}

const peopleOf = (
  realm: TestRealm,
): Pick<ProviderUnderTest, 'addPerson' | 'setRoles' | 'disable' | 'enrol'> => ({
  addPerson: async (wanted = {}) => {
    const { id, email, password, displayName } = await realm.addPerson(wanted)
    return { id, login: email, password, displayName }
  },
  setRoles: ({ id }, roles) => realm.setRoles(id, roles),
  disable: ({ id }) => realm.setEnabled(id, false),
  // On Keycloak's own page, where the gateway sends people who want to.
  enrol: async (person, browser) => {
    const page = await browser.fillIn(await browser.login('action=totp&returnTo=/'), { person })
    const text = /name="totpSecret" value="([^"]*)"/.exec(page.html)?.[1]
    if (!text) throw new Error(`No authenticator is set up at ${page.url}: ${page.html}`)
    const authenticator = authenticatorOf(Secret.fromUTF8(text).base32)
    await browser.submit(page, { totp: authenticator.code(), userLabel: 'App' })
    return authenticator
  },
})

async function foreignToken(realm: TestRealm): Promise<string> {
  const stranger = await realm.addStranger()
  const answer = await fetch(`${realm.issuer}/protocol/openid-connect/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${stranger.id}:${stranger.secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  return (await answer.json()).access_token
}
