// Apollo Gateway as its own documentation serves it. Plain JavaScript: Node runs it as it is.
import { readFileSync } from 'node:fs'
import { ApolloGateway } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'

const [file, port] = process.argv.slice(2)
const gateway = new ApolloGateway({ supergraphSdl: readFileSync(file, 'utf8') })
const server = new ApolloServer({ gateway })
await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: Number(port) } })
