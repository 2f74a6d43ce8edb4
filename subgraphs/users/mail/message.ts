import type { SendMailOptions } from 'nodemailer'
import { type Mail, MailRefused } from './mailer.ts'

export type Sender = { readonly name: string; readonly address: string }

/** A header is one line, whatever a person calls themselves. */
export const oneLine = (text: string) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()

const address = /^[^\s@<>",;:\p{Cc}]+@[^\s@<>",;:\p{Cc}]+$/u

/** The message as nodemailer takes it. Throws MailRefused for an address that cannot be one. */
export function messageFrom(mail: Mail, sender: Sender): SendMailOptions {
  if (!address.test(mail.to.address)) throw new MailRefused('The address is not one.')
  return {
    messageId: `<${mail.messageId}>`,
    from: { name: oneLine(sender.name), address: sender.address },
    to: { name: oneLine(mail.to.name), address: mail.to.address },
    subject: oneLine(mail.subject),
    text: mail.text,
    html: mail.html,
    ...(mail.calendar && { icalEvent: { ...mail.calendar, filename: 'invitation.ics' } }),
    headers: {
      'Content-Language': mail.language,
      // RFC 3834: no out-of-office answers to a machine.
      'Auto-Submitted': 'auto-generated',
    },
    // A text of ours never names a file or an address to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
