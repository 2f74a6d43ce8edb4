/** The whole system in a process of its own, so that its CPU time can be read apart from the generator's. */
import { createMinter } from '#kit/identity-token'
import { seedDemo } from '../stack/demo/seed.ts'
import { testSystem } from '../stack/testing/system.ts'

const { origin, system, secrets, stop } = await testSystem({ watch: false })
const minter = createMinter({ privateJwk: secrets.identityJwk, now: () => new Date() })
await seedDemo({ rooms: system.rooms, minter })
process.on('SIGTERM', () => void stop().finally(() => process.exit(0)))
console.log(JSON.stringify({ origin, pid: process.pid }))
