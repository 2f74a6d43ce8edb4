import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Mail, Mailer } from './mailer.ts'
import { messageFrom, type Sender } from './message.ts'

type Options = { readonly folder: string; readonly sender: Sender }

/** Writes each mail as one `.eml` file that a mail program opens. A repeat replaces its file. */
export function createFilesMailer({ folder, sender }: Options): Mailer {
  const settings = { streamTransport: true, buffer: true, newline: 'windows' } as const
  return {
    destination: folder,
    send: async (mail: Mail) => {
      // Loaded with the first mail: a service that starts has none to send yet.
      const { createTransport } = await import('nodemailer')
      const { message } = await createTransport(settings).sendMail(messageFrom(mail, sender))
      await mkdir(folder, { recursive: true })
      const file = join(folder, `${mail.messageId.replace(/[^\w-]/g, '-')}.eml`)
      // Whole or not at all for whoever watches the folder. Mails are private to their owner.
      await writeFile(`${file}.part`, message, { mode: 0o600 })
      await rename(`${file}.part`, file)
    },
  }
}
