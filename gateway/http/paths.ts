/** Where the graph explorer is; signing in leads back to it. */
export const explorerPath = '/graphiql'
