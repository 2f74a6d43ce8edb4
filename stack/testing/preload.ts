import { afterAll } from 'bun:test'
import { leaveTestServer, joinTestServer } from './server.ts'

// `check` starts one server for all its runs; a lone `bun test` starts the shared one when a test asks for it.
const adminUrl = process.env.PLEXUS_TEST_POSTGRES
if (adminUrl) joinTestServer(adminUrl)

afterAll(leaveTestServer)
