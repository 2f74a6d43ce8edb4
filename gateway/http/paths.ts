/** Where the graph explorer is; signing in leads back to it. */
export const explorerPath = '/graphiql'

/** Where a client learns who issues the tokens that are good here. Source: RFC 9728 section 3. */
export const metadataPath = '/.well-known/oauth-protected-resource'
