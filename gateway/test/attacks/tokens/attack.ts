import type { Guard } from '../../../identity/guards.ts'
import { question, type Variant, type World } from './world.ts'

export type Attack = {
  readonly source: string
  /**
   * What stops it. Null where no check can be left out because it is what the whole gateway is:
   * then `twin` is the gateway that was made without it.
   */
  readonly guard: Guard | null
  /** What the gateway is like that is attacked, beside the guard: as it comes, unless it is said. */
  readonly twin?: Pick<Variant, 'naive' | 'front'>
  /** Settings of the real gateway and of its twin. */
  readonly settings?: Pick<Variant, 'introspection' | 'dpopNonce'>
  readonly request: (world: World) => Request | Promise<Request>
}

export type Attacks = Readonly<Record<string, Attack>>

/** Asks for what is protected, with this token. */
export const bearing = (token: string): Request => question({ authorization: `Bearer ${token}` })
