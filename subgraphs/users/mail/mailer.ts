/** One message to one person, whole: an adapter only carries it. */
export type Mail = {
  /** The same for every try, so that a receiver can drop a repeat; without angle brackets. */
  readonly messageId: string
  readonly to: { readonly name: string; readonly address: string }
  readonly language: 'fr' | 'en'
  readonly subject: string
  readonly text: string
  readonly html: string
  /** Null for a letter about no session. */
  readonly calendar: { readonly method: 'REQUEST' | 'CANCEL'; readonly content: string } | null
}

/** Carries mails. Outside of us: an SMTP server, or a folder on a laptop. */
export type Mailer = {
  /** Resolves when the mail is taken over. Throws MailRefused, or any other error when a later try may succeed. */
  send(mail: Mail): Promise<void>
  /** What a person who runs the system reads: where the mails go, without a password. */
  readonly destination: string
}

/** No later try of this mail can succeed: its address does not exist, or its content is not taken. */
export class MailRefused extends Error {
  readonly tag = 'MAIL_REFUSED'

  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options)
    this.name = 'MailRefused'
  }
}
