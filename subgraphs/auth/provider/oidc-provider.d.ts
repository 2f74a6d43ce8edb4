/** The part of oidc-provider 9.13 that Plexus uses; the package brings no types of its own. */
declare module 'oidc-provider' {
  type Request = import('node:http').IncomingMessage
  type Response = import('node:http').ServerResponse

  export type Payload = {
    grantId?: string
    uid?: string
    consumed?: number
    [claim: string]: unknown
  }

  export type Adapter = {
    upsert(id: string, payload: Payload, expiresIn?: number): Promise<void>
    find(id: string): Promise<Payload | undefined>
    findByUid(uid: string): Promise<Payload | undefined>
    findByUserCode(userCode: string): Promise<Payload | undefined>
    consume(id: string): Promise<void>
    destroy(id: string): Promise<void>
    revokeByGrantId(grantId: string): Promise<void>
  }

  export type Client = {
    clientId: string
    redirectUris?: string[]
    clientSecret?: string
    /** Ours, by the names in `extraClientMetadata`. */
    api_scope?: string
    rate_limit_per_minute?: number
  }
  export type Session = {
    readonly new?: boolean
    accountId?: string
    acr?: string
    exp?: number
    /** True when the person typed something last longer ago than that. */
    past(seconds: number): boolean
    grantIdFor(clientId: string): string | undefined
  }
  export type Account = {
    accountId: string
    claims(use: string, scope: string): Promise<{ sub: string; [claim: string]: unknown }>
  }
  export type Token = { kind: string; accountId?: string; sid?: string }

  /** A Koa context; `oidc` is there inside the provider's own routes. */
  export type Context = {
    req: Request
    res: Response
    method: string
    path: string
    ip: string
    query: Record<string, string | string[] | undefined>
    querystring: string
    status: number
    type: string
    body: unknown
    get(header: string): string
    set(header: string, value: string): void
    redirect(url: string): void
    oidc: {
      client?: Client
      session?: Session
      account?: Account
      params?: Record<string, string | undefined>
      entities: { IdTokenHint?: { payload: { sub?: string } } }
      result?: { consent?: { grantId?: string }; login?: object }
      provider: Provider
    }
  }

  export type Middleware = (ctx: Context, next: () => Promise<void>) => Promise<void>

  export class Grant {
    constructor(of: { accountId: string; clientId: string })
    static find(id: string): Promise<Grant | undefined>
    exp?: number
    addOIDCScope(scope: string): void
    addResourceScope(resource: string, scope: string): void
    save(ttl?: number): Promise<string>
  }

  export type Interaction = {
    uid: string
    returnTo: string
    prompt: { name: string; reasons: string[]; details: Record<string, unknown> }
    params: Record<string, string | undefined>
    /** Who is signed in already. */
    session?: { accountId?: string; amr?: string[] }
    /** What the pages have made of it so far. */
    result?: Record<string, unknown>
  }

  export class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>)
    proxy: boolean
    maxIpsCount: number
    readonly issuer: string
    readonly Grant: typeof Grant
    readonly Client: {
      prototype: { compareClientSecret(this: Client, secret: string): boolean }
    }
    use(middleware: Middleware): this
    callback(): (req: Request, res: Response) => Promise<void>
    interactionDetails(req: Request, res: Response): Promise<Interaction>
    interactionResult(
      req: Request,
      res: Response,
      result: Record<string, unknown>,
      options?: { mergeWithLastSubmission: boolean },
    ): Promise<string>
    on(event: 'error', listener: (error: Error) => void): this
    on(
      event: 'server_error' | 'backchannel.error',
      listener: (ctx: Context, error: Error) => void,
    ): this
  }

  export type Check = { readonly reason: string }
  type Prompt = { checks: { add(check: Check): void } }
  type Policy = { remove(prompt: string): void; get(prompt: string): Prompt | undefined }
  export const interactionPolicy: {
    base(): Policy
    Check: new (
      reason: string,
      description: string,
      check: (ctx: Context) => boolean,
      details: (ctx: Context) => Record<string, unknown>,
    ) => Check
  }

  export const errors: {
    InvalidGrant: new (detail: string) => Error
    InvalidClientAuth: new (detail: string) => Error
    SessionNotFound: new (detail: string) => Error
  }
}
