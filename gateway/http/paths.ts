/** Where the graph explorer is; signing in leads back to it. */
export const explorerPath = '/graphiql'

/** Where a client learns who issues the tokens that are good here. Source: RFC 9728 section 3. */
export const metadataPath = '/.well-known/oauth-protected-resource'

/** Asked by the proxy before it lets anybody at a tool for administrators. */
export const toolCheckPath = '/auth/forward'

/** Where a browser comes to from such a tool, to be known there. */
export const toolDoorPath = '/tools'
