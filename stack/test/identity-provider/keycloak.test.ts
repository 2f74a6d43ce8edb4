import { keycloakMissing } from '../../testing/keycloak.ts'
import { identityProviderContract } from './provider.contract.ts'
import { startKeycloak } from './provider.keycloak.ts'

const missing = keycloakMissing(process.env.CI === 'true')

identityProviderContract('Keycloak', startKeycloak, missing)
