import SchemaBuilder, { type InterfaceRef, type ObjectRef } from '@pothos/core'
import DataloaderPlugin from '@pothos/plugin-dataloader'
import DirectivesPlugin from '@pothos/plugin-directives'
import FederationPlugin from '@pothos/plugin-federation'
import RelayPlugin from '@pothos/plugin-relay'
import ScopeAuthPlugin from '@pothos/plugin-scope-auth'
import TracingPlugin, { isRootField } from '@pothos/plugin-tracing'
import ValidationPlugin from '@pothos/plugin-validation'
import type { Contract } from '#schema/contracts'
import { isForStaff } from '#schema/scopes'
import type { CacheControl } from './cache-control.ts'
import { AppError } from './errors.ts'
import type { Following } from './following.ts'
import { isSignedIn, isSteppedUp, type Viewer } from './identity-token.ts'
import type { Database } from './postgres.ts'
import { parseScalar, type ScalarName, type ScalarTypes, scalarRows } from './scalars.ts'
import { span } from './trace.ts'
import type { SharedUserError, UserError } from './user-error.ts'

/** What every resolver may use. Rooms add their loaders and ports to it. */
export type SubgraphContext = {
  readonly viewer: Viewer | null
  readonly requestId: string
  /** The database, seen with the viewer's eyes. */
  readonly db: Database
  readonly now: () => Date
  /** Aborts when nobody reads the events of a subscription any more. */
  readonly signal: AbortSignal
  /** For `Live.listen`: where a subscription's stream stands among the events of the bus. */
  readonly following: Following
}

export type SubgraphTypes<Context extends SubgraphContext> = {
  Context: Context
  Scalars: ScalarTypes
  AuthScopes: { signedIn: boolean; steppedUp: boolean; scopes: readonly (readonly string[])[] }
  Directives: {
    cacheControl: { locations: 'FIELD_DEFINITION' | 'OBJECT'; args: CacheControl }
  }
  DefaultFieldNullability: false
  /** What a connection may know beside its edges; counting waits until somebody asks. */
  Connection: { count?: () => Promise<number> }
  DefaultEdgesNullability: { list: false; items: false }
  DefaultNodeNullability: false
}

const holds = (viewer: Viewer | null, anyOf: readonly (readonly string[])[]) =>
  anyOf.some((allOf) => allOf.every((scope) => viewer?.scopes.has(scope) ?? false))

const forbidden = (viewer: Viewer | null) =>
  viewer
    ? new AppError('FORBIDDEN', 'You may not do this.')
    : new AppError('UNAUTHENTICATED', 'Sign in to do this.')

/** Rules of one field or type: the same fact for the SDL (the gateway enforces it) and for Pothos (we do again). */
export const signedIn = { authenticated: true, authScopes: { signedIn: true } } as const

/**
 * From which contract on a field is seen, or a type whose fields say nothing themselves. Without one
 * it is seen by whoever is signed in.
 */
export const seenBy = {
  everybody: { tag: 'public' },
  partners: { tag: 'partner' },
  staff: { tag: 'admin' },
} as const satisfies Record<string, { tag: Contract }>

/** Nobody but staff can read it, so nobody else is shown it. */
const byRule = (anyOf: string[][]) => (isForStaff(anyOf) ? seenBy.staff : {})

/** Any of the lists of scopes must be held whole. */
export const requires = (...anyOf: string[][]) => ({
  ...byRule(anyOf),
  requiresScopes: anyOf,
  authScopes: { scopes: anyOf },
})

const acr2: string[][] = [['acr2']]

/** For whoever has proven a second factor lately. Source: RFC 9470. */
export const steppedUp = { policy: acr2, authScopes: { steppedUp: true } } as const

/** Any of the lists of scopes, held whole, by somebody who has proven a second factor lately. */
export const requiresSteppedUp = (...anyOf: string[][]) => ({
  ...byRule(anyOf),
  requiresScopes: anyOf,
  policy: acr2,
  authScopes: { $all: { scopes: anyOf, steppedUp: true } },
})

/** No rule: anybody may read it, and is shown it. Every root field says this, `unguarded` or a rule. */
export const open = seenBy.everybody

/** No rule either, but it is of use to nobody but whoever is signed in: no part of the public contract. */
export const unguarded = { tag: 'open' } as const

const newBuilder = () =>
  new SchemaBuilder<SubgraphTypes<SubgraphContext>>({
    plugins: [
      TracingPlugin,
      ScopeAuthPlugin,
      ValidationPlugin,
      DataloaderPlugin,
      RelayPlugin,
      DirectivesPlugin,
      FederationPlugin,
    ],
    defaultFieldNullability: false,
    scopeAuth: {
      // Before the first event; each event is then asked of the database with the viewer's eyes.
      authorizeOnSubscribe: true,
      authScopes: ({ viewer }) => ({
        signedIn: isSignedIn(viewer),
        steppedUp: isSteppedUp(viewer),
        scopes: (anyOf) => holds(viewer, anyOf),
      }),
      unauthorizedError: (_parent, { viewer }) => forbidden(viewer),
    },
    validation: {
      validationError: ({ issues }) =>
        new AppError('BAD_USER_INPUT', issues.map(({ message }) => message).join(' ')),
    },
    relay: {
      cursorType: 'String',
      pageInfoTypeOptions: { shareable: true, ...seenBy.everybody },
      edgesFieldOptions: { nullable: { list: false, items: false } },
      nodeFieldOptions: { nullable: false },
      nodeQueryOptions: false,
      nodesQueryOptions: false,
    },
    tracing: {
      default: isRootField,
      wrap:
        (resolve, _options, { name }) =>
        (...call) =>
          span(`graphql ${name}`, {}, async () => resolve(...call)),
    },
  })

type House<Context extends SubgraphContext> = PothosSchemaTypes.ExtendDefaultTypes<
  SubgraphTypes<Context>
>
type SharedErrorRef<Context extends SubgraphContext> = ObjectRef<
  House<Context>,
  UserError<SharedUserError>
>
export type Room<Context extends SubgraphContext> = {
  builder: PothosSchemaTypes.SchemaBuilder<House<Context>>
  NodeType: InterfaceRef<House<Context>, { id: string }>
  UserErrorType: InterfaceRef<House<Context>, UserError>
  ValidationErrorType: SharedErrorRef<Context>
  NotFoundErrorType: SharedErrorRef<Context>
  ForbiddenErrorType: SharedErrorRef<Context>
  ConflictErrorType: SharedErrorRef<Context>
}

const addScalars = (builder: ReturnType<typeof newBuilder>, scalars: readonly ScalarName[]) => {
  for (const name of scalars) {
    const { description, print } = scalarRows[name]
    builder.scalarType(name, {
      description,
      // Pothos types a scalar by its name; inside this loop the name is one of several.
      serialize: (value) => print(value as never),
      parseValue: (value) => parseScalar(name, value),
    })
  }
}

const addUserErrors = (builder: ReturnType<typeof newBuilder>) => {
  const UserErrorType = builder.interfaceRef<UserError>('UserError').implement({
    description:
      'Every expected failure implements this; clients select it once and can still narrow by type.',
    fields: (t) => ({
      code: t.exposeString('code', seenBy.everybody),
      message: t.exposeString('message', seenBy.everybody),
      path: t.stringList({
        ...seenBy.everybody,
        nullable: true,
        resolve: ({ path }) => path && [...path],
      }),
    }),
  })
  const shared = (name: SharedUserError) =>
    builder
      .objectRef<UserError<SharedUserError>>(name)
      .implement({ interfaces: [UserErrorType], shareable: true, ...seenBy.everybody })
  return {
    UserErrorType,
    ValidationErrorType: shared('ValidationError'),
    NotFoundErrorType: shared('NotFoundError'),
    ForbiddenErrorType: shared('ForbiddenError'),
    ConflictErrorType: shared('ConflictError'),
  }
}

/**
 * A Pothos builder with the house's plugins, the named scalars, `Node` and the shared user errors.
 * Result unions are told apart by `__typename`, which every value of theirs carries.
 */
export function createBuilder<Context extends SubgraphContext>(
  scalars: readonly ScalarName[],
): Room<Context> {
  const builder = newBuilder()
  addScalars(builder, scalars)
  const NodeType = builder.interfaceRef<{ id: string }>('Node').implement({
    fields: (t) => ({ id: t.exposeID('id') }),
  })
  const room = { builder, NodeType, ...addUserErrors(builder) }
  // The room's context has all of SubgraphContext, and only the room's resolvers read the rest.
  return room as unknown as Room<Context>
}

/** `first: Int = 25, after: String`, checked by `pageFrom`. */
export const pageArguments = { first: { defaultValue: 25 }, after: {} } as const

/**
 * For a field that gives a connection: what its edges cost is reckoned by `first`. Source: IBM
 * GraphQL Cost Directives Specification, `@listSize`.
 */
export const paged = {
  listSize: {
    slicingArguments: ['first'],
    sizedFields: ['edges'],
    requireOneSlicingArgument: false,
  },
}
