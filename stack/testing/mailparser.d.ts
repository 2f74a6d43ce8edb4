/** The part of `mailparser` that tests use; the package has no types of its own. */
declare module 'mailparser' {
  type Address = { readonly name: string; readonly address?: string }
  export type ParsedMail = {
    readonly messageId?: string
    readonly subject?: string
    readonly text?: string
    readonly html: string | false
    readonly from?: { readonly value: readonly Address[] }
    readonly to?: { readonly value: readonly Address[] }
    readonly headers: ReadonlyMap<string, unknown>
    readonly attachments: readonly {
      readonly contentType: string
      readonly filename?: string
      readonly content: Buffer
    }[]
  }
  export function simpleParser(source: Buffer | string): Promise<ParsedMail>
}
