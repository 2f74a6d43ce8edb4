import { afterAll, setDefaultTimeout } from 'bun:test'
import { joinTestKeycloak, leaveTestKeycloak } from './keycloak.ts'
import { joinTestServer, leaveTestServer } from './server.ts'

// `check` starts one server for all its runs; a lone `bun test` starts the shared one when a test
// asks for it.
const adminUrl = process.env.PLEXUS_TEST_POSTGRES
if (adminUrl) joinTestServer(adminUrl)
const keycloak = process.env.PLEXUS_TEST_KEYCLOAK
if (keycloak) joinTestKeycloak(keycloak)

// The first test of a run may have to create the cluster and the template, on a machine that is
// busy with more.
setDefaultTimeout(60_000)

afterAll(leaveTestServer)
afterAll(leaveTestKeycloak)
