/** Asks whether a password is in a list of stolen ones. */
export type BreachLookup = {
  /** How often it was seen in breaches; 0 when it never was, and when nobody could be asked. */
  timesSeen(password: string): Promise<number>
}

/** Where nobody is to be asked. */
export const noBreachLookup: BreachLookup = { timesSeen: async () => 0 }
