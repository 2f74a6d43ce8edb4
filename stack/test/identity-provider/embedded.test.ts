import { identityProviderContract } from './provider.contract.ts'
import { startEmbedded } from './provider.embedded.ts'

identityProviderContract('the embedded provider', startEmbedded, null)
