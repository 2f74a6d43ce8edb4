/** The whole system in a process of its own, so that its CPU time can be read apart from the generator's. */
import { testSystem } from '../stack/testing/system.ts'

const { origin, stop } = await testSystem()
process.on('SIGTERM', () => void stop().finally(() => process.exit(0)))
console.log(JSON.stringify({ origin, pid: process.pid }))
